using System;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>
/// Whether a referenced library has a function of the table under a name of its own: then code can call it without ever saying a word
/// that <see cref="NativeMentions"/> looks for.
/// </summary>
internal static class NativeReferences
{
    /// <summary>A reference does not change; few have any native function at all.</summary>
    private static readonly ConditionalWeakTable<MetadataReference, StrongBox<bool>> Known = new();

    public static bool AnyRenames(Compilation compilation, CancellationToken cancellation) => compilation.References.Any(reference => reference switch
    {
        CompilationReference project => NativeMentions.AnyText(project.Compilation, NativeMention.HandOff | NativeMention.Function, cancellation),
        PortableExecutableReference file => Known.GetValue(file, static each => new StrongBox<bool>(Renames((PortableExecutableReference)each))).Value,
        _ => false,
    });

    private static bool Renames(PortableExecutableReference reference)
    {
        try
        {
            return reference.GetMetadata() is AssemblyMetadata assembly && assembly.GetModules().Any(module => Renames(module.GetMetadataReader()));
        }
        catch (BadImageFormatException)
        {
            // Not a library: the compiler says so itself.
            return false;
        }
    }

    private static bool Renames(MetadataReader reader)
    {
        bool usesLibc = Enumerable.Range(1, reader.GetTableRowCount(TableIndex.ModuleRef))
            .Select(row => reader.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)))
            .Any(module => NativeFunction.IsLibc(reader.GetString(module.Name)));
        return usesLibc && reader.MethodDefinitions.Select(reader.GetMethodDefinition).Any(method => (method.Attributes & MethodAttributes.PinvokeImpl) != 0 && IsRenamed(reader, method));
    }

    private static bool IsRenamed(MetadataReader reader, MethodDefinition method)
    {
        string function = reader.GetString(method.GetImport().Name);
        return NativeSignatures.Find(function) is { IsChecked: true } && reader.GetString(method.Name).IndexOf(function, StringComparison.OrdinalIgnoreCase) < 0;
    }
}
