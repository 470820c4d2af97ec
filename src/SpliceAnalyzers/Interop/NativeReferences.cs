using System;
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

/// <summary>Whether a referenced library has a function of the table, for code to call.</summary>
internal static class NativeReferences
{
    /// <summary>A reference does not change; few have any native function at all.</summary>
    private static readonly ConditionalWeakTable<MetadataReference, StrongBox<NativeImports>> Known = new();

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

    private static NativeImports Of(MetadataReference reference, CancellationToken cancellation) => reference switch
    {
        // What a project declares and how its functions are called there is for its own analysis; names may differ here.
        CompilationReference project => NativeMentions.AnyWay(project.Compilation, cancellation)
            && NativeMentions.Any(project.Compilation, NativeMention.HandOff | NativeMention.Function, cancellation) ? NativeImports.Renamed : NativeImports.None,
        PortableExecutableReference file => Known.GetValue(file, static each => new StrongBox<NativeImports>(Of((PortableExecutableReference)each))).Value,
        _ => NativeImports.None,
    };

    private static NativeImports Of(PortableExecutableReference reference)
    {
        try
        {
            return reference.GetMetadata() is AssemblyMetadata assembly ? assembly.GetModules().Select(static module => Of(module.GetMetadataReader())).Max() : NativeImports.None;
        }
        catch (BadImageFormatException)
        {
            // Not a library: the compiler says so itself.
            return NativeImports.None;
        }
    }

    private static NativeImports Of(MetadataReader reader)
    {
        bool usesLibc = Enumerable.Range(1, reader.GetTableRowCount(TableIndex.ModuleRef))
            .Select(row => reader.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)))
            .Any(module => NativeFunction.IsLibc(reader.GetString(module.Name)));
        if (!usesLibc)
            return NativeImports.None;
        return reader.MethodDefinitions.Select(reader.GetMethodDefinition).Where(static method => (method.Attributes & MethodAttributes.PinvokeImpl) != 0)
            .Select(method => Of(reader, method)).DefaultIfEmpty().Max();
    }

    private static NativeImports Of(MetadataReader reader, MethodDefinition method)
    {
        string function = reader.GetString(method.GetImport().Name);
        if (function != NativeSignatures.SystemCall.Name && NativeSignatures.Find(function) is not { IsChecked: true })
            return NativeImports.None;
        return reader.GetString(method.Name).IndexOf(function, StringComparison.OrdinalIgnoreCase) < 0 ? NativeImports.Renamed : NativeImports.Named;
    }
}
