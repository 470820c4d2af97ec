using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Buffers;

/// <summary>What a method of a collection does with its elements.</summary>
internal enum CollectionRole
{
    /// <summary>Puts its last argument behind the last element.</summary>
    Append,
    /// <summary>Puts its last argument somewhere.</summary>
    Put,
    /// <summary>Returns some element.</summary>
    Take,
    /// <summary>Puts some element into its last argument, and returns whether there was one.</summary>
    TakeOut,
    /// <summary>Returns the collection, or a view of it.</summary>
    View,
    /// <summary>Returns an array of the elements.</summary>
    Copy,
    /// <summary>Forgets all elements.</summary>
    Clear,
}

/// <summary>
/// The collections of the base class library as memory. A list of structs or of tasks is an array that grows, because iovecs are collected in such, and each task is waited for. All others
/// are bags, of which one element is followed, any one: that is enough to see a buffer come back from where it was kept, however many there are.
/// </summary>
internal static class CollectionCatalogue
{
    private static readonly Dictionary<string, CollectionRole> Roles = new()
    {
        ["Add"] = CollectionRole.Put, ["Enqueue"] = CollectionRole.Put, ["Push"] = CollectionRole.Put, ["TryAdd"] = CollectionRole.Put, ["Insert"] = CollectionRole.Put,
        ["AddFirst"] = CollectionRole.Put, ["AddLast"] = CollectionRole.Put, ["TryWrite"] = CollectionRole.Put, ["set_Item"] = CollectionRole.Put,
        ["Dequeue"] = CollectionRole.Take, ["Pop"] = CollectionRole.Take, ["Peek"] = CollectionRole.Take, ["get_Item"] = CollectionRole.Take, ["Take"] = CollectionRole.Take,
        ["get_Current"] = CollectionRole.Take, ["ReadAsync"] = CollectionRole.Take, ["get_First"] = CollectionRole.Take, ["get_Last"] = CollectionRole.Take, ["get_Value"] = CollectionRole.Take,
        ["First"] = CollectionRole.Take, ["Last"] = CollectionRole.Take, ["Single"] = CollectionRole.Take,
        ["TryDequeue"] = CollectionRole.TakeOut, ["TryPop"] = CollectionRole.TakeOut, ["TryPeek"] = CollectionRole.TakeOut, ["TryTake"] = CollectionRole.TakeOut,
        ["TryRead"] = CollectionRole.TakeOut, ["TryGetValue"] = CollectionRole.TakeOut,
        ["GetEnumerator"] = CollectionRole.View, ["GetAsyncEnumerator"] = CollectionRole.View, ["ReadAllAsync"] = CollectionRole.View, ["get_Writer"] = CollectionRole.View,
        ["get_Reader"] = CollectionRole.View, ["get_Values"] = CollectionRole.View, ["AsReadOnly"] = CollectionRole.View, ["AsSpan"] = CollectionRole.View, ["GetConsumingEnumerable"] = CollectionRole.View,
        ["ToArray"] = CollectionRole.Copy, ["ToList"] = CollectionRole.Copy, ["Clear"] = CollectionRole.Clear,
    };

    /// <summary>The ways to take an element that leave it out of the collection.</summary>
    private static readonly HashSet<string> Removing = ["Dequeue", "Pop", "Take", "TryDequeue", "TryPop", "TryTake", "TryRead", "ReadAsync"];

    /// <summary>The methods of Enumerable that give some or all of the elements, perhaps in another order.</summary>
    private static readonly HashSet<string> Views =
        ["Where", "OrderBy", "OrderByDescending", "Order", "OrderDescending", "ThenBy", "ThenByDescending", "Reverse", "Skip", "SkipLast", "SkipWhile", "Take", "TakeLast", "TakeWhile", "Distinct", "AsEnumerable", "Cast", "OfType"];

    /// <summary>True when the element that a method returns is no longer in the collection.</summary>
    public static bool Removes(IMethodSymbol method) => Removing.Contains(method.Name);

    /// <summary>The role of a method; null when it is not of a collection, or does nothing with elements.</summary>
    public static CollectionRole? Find(IMethodSymbol method, ITypeSymbol? receiver)
    {
        bool concerns = IsCollection(receiver) || IsCollection(method.ContainingType)
            || method.ContainingType.Name is "Enumerable" or "CollectionsMarshal" or "ChannelReader" or "ChannelWriter" && BufferCatalogue.IsSystem(method.ContainingNamespace);
        if (method.ContainingType.Name == "Enumerable" && BufferCatalogue.IsSystem(method.ContainingNamespace) && Views.Contains(method.Name))
            return CollectionRole.View;
        if (!concerns || !Roles.TryGetValue(method.Name, out CollectionRole role))
            return null;
        return role == CollectionRole.Put && method.Name == "Add" && IsList(receiver ?? method.ContainingType) ? CollectionRole.Append : role;
    }

    /// <summary>True for collections that threads hand things over by: who takes waits for who puts.</summary>
    public static bool IsBetweenThreads(ITypeSymbol type) => type.ContainingNamespace is { Name: "Concurrent" or "Channels" };

    /// <summary>What an asynchronous sequence becomes when it is told how to wait.</summary>
    public const string ConfiguredEnumerable = "ConfiguredCancelableAsyncEnumerable";

    /// <summary>A type of System.Collections or System.Threading.Channels.</summary>
    public static bool IsCollection(ITypeSymbol? type)
    {
        if (type?.ContainingType is { Name: ConfiguredEnumerable })
            return true;
        for (INamespaceSymbol? space = type?.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (space.Name is "Collections" or "Channels" && BufferCatalogue.IsSystem(space))
                return true;
        }

        return false;
    }

    /// <summary>A collection whose elements are followed by position.</summary>
    public static bool IsList(ITypeSymbol? type) =>
        IsCollection(type) && type is INamedTypeSymbol { Name: "List" or "IList" or "IReadOnlyList", TypeArguments: [var element] }
        && (element is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } || element is { Name: "Task" or "Thread" } && BufferCatalogue.IsSystem(element.ContainingNamespace));
}
