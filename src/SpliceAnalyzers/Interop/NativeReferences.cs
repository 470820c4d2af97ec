using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>What referenced libraries have of the functions of the table.</summary>
internal enum NativeImports
{
    None,
    /// <summary>Some of them, and code that calls them says their names.</summary>
    Named,
    /// <summary>
    /// Some under a name of the library's own: then code can call it without ever saying a word that <see cref="NativeMentions"/> looks for.
    /// </summary>
    Renamed,
}

/// <summary>A method of a library that leads out of managed code.</summary>
/// <param name="Name">The method's own name.</param>
/// <param name="Function">The function of libc that it is; null where its author promises something of it by an attribute.</param>
internal sealed record NativeEntry(string Name, string? Function)
{
    /// <summary>True where code that calls it does not say the function's name.</summary>
    public bool IsRenamed => Function is null || Name.IndexOf(Function, StringComparison.OrdinalIgnoreCase) < 0;
}

/// <summary>Whether a referenced library has a function of the table, for code to call.</summary>
internal static class NativeReferences
{
    /// <summary>A reference does not change; few have any native function at all.</summary>
    private static readonly ConditionalWeakTable<MetadataReference, IReadOnlyList<NativeEntry>> Known = new();

    private static readonly string[] PromiseAttributes = [NativeMentions.PromiseWord, NativeMentions.PromiseWord + "Attribute"];

    /// <summary>What the references of a compilation have.</summary>
    public static NativeImports Of(Compilation compilation, CancellationToken cancellation)
    {
        NativeImports most = NativeImports.None;
        // Not References: with the directives of scripts among them, these make the compiler read every library now.
        foreach (MetadataReference reference in compilation.ExternalReferences)
        {
            NativeImports has = Of(reference, cancellation);
            most = has > most ? has : most;
        }

        return most;
    }

    /// <summary>The functions of a library of which only the file is there.</summary>
    public static IReadOnlyList<NativeEntry> In(PortableExecutableReference file) => Known.GetValue(file, static each => [.. Entries((PortableExecutableReference)each)]);

    private static NativeImports Of(MetadataReference reference, CancellationToken cancellation) => reference switch
    {
        // What a project declares and how its functions are called there is for its own analysis; names may differ here.
        CompilationReference project => NativeMentions.AnyWay(project.Compilation, cancellation)
            && NativeMentions.Any(project.Compilation, NativeMention.HandOff | NativeMention.Function, cancellation) ? NativeImports.Renamed : NativeImports.None,
        PortableExecutableReference file when In(file) is { Count: > 0 } entries => entries.Any(static entry => entry.IsRenamed) ? NativeImports.Renamed : NativeImports.Named,
        _ => NativeImports.None,
    };

    private static List<NativeEntry> Entries(PortableExecutableReference reference)
    {
        try
        {
            return reference.GetMetadata() is AssemblyMetadata assembly ? [.. assembly.GetModules().SelectMany(static module => Entries(module.GetMetadataReader()))] : [];
        }
        catch (BadImageFormatException)
        {
            // Not a library: the compiler says so itself.
            return [];
        }
    }

    private static IEnumerable<NativeEntry> Entries(MetadataReader reader)
    {
        bool usesLibc = Enumerable.Range(1, reader.GetTableRowCount(TableIndex.ModuleRef))
            .Select(row => reader.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)))
            .Any(module => NativeFunction.IsLibc(reader.GetString(module.Name)));
        bool promises = reader.TypeReferences.Any(type => IsPromise(reader, reader.GetTypeReference(type).Name)) || reader.TypeDefinitions.Any(type => IsPromise(reader, reader.GetTypeDefinition(type).Name));
        if (!usesLibc && !promises)
            return [];
        IEnumerable<MethodDefinition> methods = reader.MethodDefinitions.Select(reader.GetMethodDefinition);
        return methods.Where(static method => (method.Attributes & MethodAttributes.PinvokeImpl) != 0).Select(method => Import(reader, method)).OfType<NativeEntry>()
            .Concat(methods.Where(method => promises && IsPromising(reader, method)).Select(method => new NativeEntry(reader.GetString(method.Name), null)));
    }

    private static NativeEntry? Import(MetadataReader reader, MethodDefinition method)
    {
        string function = reader.GetString(method.GetImport().Name);
        return function == NativeSignatures.SystemCall.Name || NativeSignatures.Find(function) is { IsChecked: true } ? new NativeEntry(reader.GetString(method.Name), function) : null;
    }

    /// <summary>True where the attribute is on the method or on a parameter of it.</summary>
    private static bool IsPromising(MetadataReader reader, MethodDefinition method) =>
        method.GetCustomAttributes().Concat(method.GetParameters().SelectMany(parameter => reader.GetParameter(parameter).GetCustomAttributes()))
            .Select(reader.GetCustomAttribute).Any(attribute => TypeName(reader, attribute.Constructor) is { } name && IsPromise(reader, name));

    private static StringHandle? TypeName(MetadataReader reader, EntityHandle constructor) => constructor.Kind switch
    {
        HandleKind.MethodDefinition => reader.GetTypeDefinition(reader.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType()).Name,
        HandleKind.MemberReference when reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } type => reader.GetTypeReference((TypeReferenceHandle)type).Name,
        _ => null,
    };

    private static bool IsPromise(MetadataReader reader, StringHandle name) => Array.Exists(PromiseAttributes, word => reader.StringComparer.Equals(name, word));
}
