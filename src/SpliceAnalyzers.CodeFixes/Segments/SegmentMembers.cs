using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.CodeFixes.Declarations;

namespace SpliceAnalyzers.CodeFixes.Segments;

/// <summary>The two members of a struct that is laid out as an iovec: fields, or properties over fields that the compiler made.</summary>
internal sealed record SegmentMembers(ISymbol Base, ISymbol Length)
{
    public ITypeSymbol BaseType => TypeOf(Base);

    public ITypeSymbol LengthType => TypeOf(Length);

    public static SegmentMembers? Of(ITypeSymbol? type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } structure)
            return null;

        ImmutableArray<ISymbol> members = ImmutableArray.CreateRange(structure.GetMembers().OfType<IFieldSymbol>()
            .Where(field => !field.IsStatic && !field.IsConst)
            .Select(field => field.AssociatedSymbol ?? (ISymbol)field));

        // In metadata nothing ties a property to the field behind it.
        if (members.Any(member => !member.CanBeReferencedByName))
            members = ImmutableArray.CreateRange<ISymbol>(structure.GetMembers().OfType<IPropertySymbol>().Where(property => !property.IsStatic && !property.IsIndexer));

        return members is [{ } first, { } second] && TypeOf(first).IsAddress() && IsLength(TypeOf(second)) ? new SegmentMembers(first, second) : null;
    }

    private static bool IsLength(ITypeSymbol type) =>
        type.TypeKind is not TypeKind.Pointer && (type.IsWide() || type.SpecialType is SpecialType.System_Int32 or SpecialType.System_UInt32);

    private static ITypeSymbol TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => throw new System.InvalidOperationException($"{member.Kind} is not a member that holds a value."),
    };
}
