using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.Lowering;

/// <summary>How values of a type are kept: sizes and offsets as the 64-bit runtime lays them out.</summary>
internal static class TypeShape
{
    /// <summary>A struct with more different ones inside is taken for a broken one.</summary>
    private const int MostStructsInside = 64;

    /// <summary>Span, ReadOnlySpan, Memory, ReadOnlyMemory, ArraySegment: a pointer and a length in elements.</summary>
    public static bool IsSpanLike(ITypeSymbol? type) =>
        type is INamedTypeSymbol { IsGenericType: true, Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" or "ArraySegment" } named
        && named.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>True when callees can write through the value.</summary>
    public static bool IsWritableMemory(ITypeSymbol? type) => type switch
    {
        IPointerTypeSymbol or IArrayTypeSymbol => true,
        _ => IsSpanLike(type) && type!.Name is "Span" or "Memory" or "ArraySegment",
    };

    /// <summary>True when a type is, derives from or implements another, whatever the arguments of either.</summary>
    public static bool IsOrImplements(INamedTypeSymbol type, INamedTypeSymbol definition)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, definition))
                return true;
        }

        return type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, definition));
    }

    /// <summary>A class of the base class library whose objects stand for a descriptor: handles and what is opened by path.</summary>
    public static bool IsDescriptor(ITypeSymbol? type)
    {
        if (type is not { TypeKind: TypeKind.Class } || type.Locations.Any(static l => l.IsInSource))
            return false;
        return type.Name == "FileStream" || type.Name == "SafeHandle" || IsDescriptor(type.BaseType);
    }

    /// <summary>A number, a truth value, an enum: what a callee that gets a reference to it may overwrite as a whole.</summary>
    public static bool IsScalar(ITypeSymbol type) => IsNumber(WithoutWrapping(type)!);

    /// <summary>
    /// The number that a struct of a library is, as size_t and off_t of a binding are; every other type itself. Nobody can see the library's operators, which
    /// are taken to be those of the number. Structs of the source are followed as they are written.
    /// </summary>
    public static ITypeSymbol? WithoutWrapping(ITypeSymbol? type) => ValueInPair(type) ?? (IsOfLibrary(type) && NumberField(type) is { } number ? number.Type : type);

    /// <summary>True for structs of libraries that are a number.</summary>
    public static bool IsWrapped(ITypeSymbol? type) => IsOfLibrary(type) && NumberField(type) is not null;

    /// <summary>The only field of a struct that is a number in all but its type; null for other types.</summary>
    public static IFieldSymbol? NumberField(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None, IsTupleType: false } named && FieldsOf(named).Take(2).ToArray() is [{ IsFixedSizeBuffer: false } only]
        && IsNumber(only.Type) && InlineLength(named) == 1 ? only : null;

    /// <summary>A struct of a library that no catalogue knows: those of the base class library stand for something else than their fields.</summary>
    private static bool IsOfLibrary(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } named && !named.Locations.Any(static l => l.IsInSource) && Outermost(named) is not { Name: "System" };

    private static INamespaceSymbol? Outermost(INamedTypeSymbol type)
    {
        INamespaceSymbol? at = type.ContainingNamespace;
        while (at?.ContainingNamespace is { IsGlobalNamespace: false } outer)
            at = outer;
        return at;
    }

    private static bool IsNumber(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Enum || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_Double or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    /// <summary>True when a value of the type holds pointers or objects, so that what matters is behind it.</summary>
    public static bool HoldsReferences(ITypeSymbol type) =>
        (InNullable(type) ?? ValueInPair(type)) is { } inner ? HoldsReferences(inner) : type is { IsReferenceType: true } or IPointerTypeSymbol || IsSpanLike(type)
        || IsStruct(type) && (InstanceFields((INamedTypeSymbol)type).Any(static f => f.RefKind != RefKind.None || !f.IsFixedSizeBuffer && HoldsReferences(f.Type))
            || KeptIn((INamedTypeSymbol)type).Any(static p => !IsInItself(p.Type, p.ContainingType) && HoldsReferences(p.Type)));

    /// <summary>False for what is the same for all calls and leads to no memory: constants, numbers and texts that are set once.</summary>
    public static bool CanChange(IFieldSymbol field) =>
        !(field.IsConst || field is { IsStatic: true, IsReadOnly: true } && (field.Type.SpecialType == SpecialType.System_String || IsScalar(field.Type) && field.Type.SpecialType != SpecialType.System_IntPtr));

    /// <summary>True when a value of the type holds an address, as a pointer, an object or a number of that size.</summary>
    public static bool LeadsToMemory(ITypeSymbol type) =>
        HoldsReferences(type) || WithoutWrapping(InNullable(type) ?? type) is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } 
        || IsStruct(type) && InNullable(type) is null && (InstanceFields((INamedTypeSymbol)type).Any(static f => LeadsToMemory(f.Type)) || KeptIn((INamedTypeSymbol)type).Any(static p => !IsInItself(p.Type, p.ContainingType) && LeadsToMemory(p.Type)));

    /// <summary>True when objects of a class hold a block of bytes inline: a fixed-size buffer, a struct of numbers, a number.</summary>
    public static bool HasBytes(INamedTypeSymbol type) =>
        type.Locations.Any(l => l.IsInSource) && InstanceFields(type).Any(static f => f.IsFixedSizeBuffer || !HoldsReferences(f.Type));

    /// <summary>What a nullable value is if it is not null; null for types that are none.</summary>
    public static ITypeSymbol? InNullable(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var inner] } ? inner : null;

    /// <summary>Where a nullable struct says whether it is there: behind the struct.</summary>
    public static long OffsetOfPresence(ITypeSymbol inner) => Align(SizeOf(inner), 8);

    /// <summary>Of a pair of a dictionary the value, which stands for the pair: buffers are not keys. Null for types that are none.</summary>
    public static ITypeSymbol? ValueInPair(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "KeyValuePair", TypeArguments: [_, var value], ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } } ? value : null;

    /// <summary>A struct whose fields are followed one by one, or one that may be null.</summary>
    public static bool IsStruct(ITypeSymbol? type) =>
        (InNullable(type) ?? ValueInPair(type)) is { } inner ? IsStruct(inner) : type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } named && !IsSpanLike(type)
        && (named.Locations.Any(static l => l.IsInSource) || named.IsTupleType || IsOfLibrary(named) && NumberField(named) is null);

    /// <summary>The type of the elements of an array, span or pointer.</summary>
    public static ITypeSymbol? ElementOf(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        IPointerTypeSymbol pointer => pointer.PointedAtType,
        INamedTypeSymbol { TypeArguments.Length: 1 } named => named.TypeArguments[0],
        _ => null,
    };

    /// <summary>Bytes of a value of the type; 1 for void, 8 for what is not known.</summary>
    public static long SizeOf(ITypeSymbol? type)
    {
        type = WithoutWrapping(type);
        switch (type?.SpecialType)
        {
            case SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Boolean or SpecialType.System_Void:
                return 1;
            case SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char:
                return 2;
            case SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single:
                return 4;
            case SpecialType.System_Decimal:
                return 16;
        }

        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying })
            return SizeOf(underlying);
        if (InNullable(type) is { } inner)
            return IsStruct(inner) ? OffsetOfPresence(inner) + 8 : SizeOf(inner);
        if (IsSpanLike(type))
            return 16;
        return IsStruct(type) ? StructSize((INamedTypeSymbol)type!) : 8;
    }

    /// <summary>Bytes read or written at once for a scalar of the type.</summary>
    public static int WidthOf(ITypeSymbol? type) => SizeOf(type) is var size and (1 or 2 or 4 or 8) ? (int)size : 8;

    /// <summary>Where a field lies in its struct or object.</summary>
    public static long OffsetOf(IFieldSymbol field)
    {
        field = field.CorrespondingTupleField ?? field;
        if (ExplicitOffset(field) is { } offset)
            return offset;
        long at = field.ContainingType is { TypeKind: TypeKind.Class, BaseType: { SpecialType: SpecialType.None } parent } ? StructSize(parent) : 0;
        foreach (IFieldSymbol other in InstanceFields(field.ContainingType))
        {
            at = Align(at, AlignmentOf(other));
            if (SymbolEqualityComparer.Default.Equals(other, field.OriginalDefinition) || other.Name == field.Name)
                return at;
            at += FieldSize(other);
        }

        return at;
    }

    private static long StructSize(INamedTypeSymbol type)
    {
        long at = type is { TypeKind: TypeKind.Class, BaseType: { SpecialType: SpecialType.None } parent } ? StructSize(parent) : 0;
        long alignment = 1;
        foreach (IFieldSymbol field in InstanceFields(type))
        {
            alignment = System.Math.Max(alignment, AlignmentOf(field));
            at = ExplicitOffset(field) is { } offset ? System.Math.Max(at, offset + FieldSize(field)) : Align(at, AlignmentOf(field)) + FieldSize(field);
        }

        if (type.TypeKind == TypeKind.Struct && KeptIn(type) is { Length: > 0 } kept)
            return OffsetOfKept(kept[kept.Length - 1]) + SlotSize(kept[kept.Length - 1]);
        return System.Math.Max(1, Align(at, alignment));
    }

    /// <summary>True for a parameter of a struct's primary constructor that is part of the struct.</summary>
    public static bool IsKept(IParameterSymbol parameter) => KeptIn(parameter.ContainingType).Any(kept => kept.Ordinal == parameter.Ordinal);

    /// <summary>Where a struct keeps such a parameter: behind its fields, in slots of eight bytes and more.</summary>
    public static long OffsetOfKept(IParameterSymbol parameter)
    {
        INamedTypeSymbol type = parameter.ContainingType;
        long at = Align(InstanceFields(type).Aggregate(0L, static (end, field) => System.Math.Max(end, OffsetOf(field) + FieldSize(field))), 8);
        foreach (IParameterSymbol other in KeptIn(type).TakeWhile(other => other.Ordinal < parameter.Ordinal))
            at += SlotSize(other);
        return at;
    }

    private static long SlotSize(IParameterSymbol parameter) => IsInItself(parameter.Type, parameter.ContainingType) ? 8 : Align(SizeOf(parameter.Type), 8);

    /// <summary>The parameters of a struct's primary constructor that its methods use, found by their names.</summary>
    private static IParameterSymbol[] KeptIn(INamedTypeSymbol type) => Kept.GetValue(type, static struc =>
    {
        if (struc.IsRecord || struc.InstanceConstructors.FirstOrDefault(static c => c.DeclaringSyntaxReferences.Any(static r => r.GetSyntax() is TypeDeclarationSyntax)) is not { Parameters.IsEmpty: false } primary)
            return [];
        var used = new HashSet<string>(struc.DeclaringSyntaxReferences.SelectMany(static r => ((TypeDeclarationSyntax)r.GetSyntax()).Members).SelectMany(CodeOf)
            .SelectMany(static code => code.DescendantNodesAndSelf()).OfType<IdentifierNameSyntax>().Select(static name => name.Identifier.ValueText));
        return [.. primary.Parameters.Where(p => used.Contains(p.Name))];
    });

    /// <summary>What runs after the constructor: not the initialisers.</summary>
    private static IEnumerable<SyntaxNode> CodeOf(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax or EventFieldDeclarationSyntax => [],
        PropertyDeclarationSyntax property => new SyntaxNode?[] { property.AccessorList, property.ExpressionBody }.OfType<SyntaxNode>(),
        _ => [member],
    };

    private static readonly ConditionalWeakTable<INamedTypeSymbol, IParameterSymbol[]> Kept = new();

    private static IEnumerable<IFieldSymbol> InstanceFields(INamedTypeSymbol type) => FieldsOf(type).Where(f => !IsInItself(f.Type, type));

    /// <summary>True in broken code, where a struct holds itself, or another one that does, or ever longer types of its own.</summary>
    private static bool IsInItself(ITypeSymbol part, INamedTypeSymbol whole) => StructIn(part) is { } inner && LeadsTo(inner, whole, new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    private static INamedTypeSymbol? StructIn(ITypeSymbol type) => IsStruct(type) ? (INamedTypeSymbol)(InNullable(type) ?? ValueInPair(type) ?? type) : null;

    private static IEnumerable<IFieldSymbol> FieldsOf(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic && !f.IsConst && (!type.IsTupleType || SymbolEqualityComparer.Default.Equals(f, f.CorrespondingTupleField ?? f)));

    private static bool LeadsTo(INamedTypeSymbol type, INamedTypeSymbol target, HashSet<ISymbol> seen) =>
        SymbolEqualityComparer.Default.Equals(type, target) || seen.Count > MostStructsInside
        || seen.Add(type) && FieldsOf(type).Select(static f => f.Type).Concat(KeptIn(type).Select(static p => p.Type)).Any(part => StructIn(part) is { } inner && LeadsTo(inner, target, seen));

    private static long FieldSize(IFieldSymbol field) =>
        field.RefKind != RefKind.None ? 8 : field.IsFixedSizeBuffer ? field.FixedSize * SizeOf(ElementOf(field.Type)) : SizeOf(field.Type) * InlineLength(field.ContainingType);

    private static long InlineLength(INamedTypeSymbol type) =>
        type.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == "InlineArrayAttribute") is { ConstructorArguments: [{ Value: int length }] } ? length : 1;

    private static long AlignmentOf(IFieldSymbol field) => field.RefKind != RefKind.None ? 8 : AlignmentOf(field.Type);

    private static long AlignmentOf(ITypeSymbol type) =>
        InNullable(type) is not null ? 8 : IsStruct(type) ? InstanceFields((INamedTypeSymbol)type).Select(AlignmentOf).DefaultIfEmpty(1).Max() : System.Math.Min(8, SizeOf(type));

    private static long? ExplicitOffset(IFieldSymbol field) =>
        field.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == "FieldOffsetAttribute") is { ConstructorArguments: [{ Value: int offset }] } ? offset : null;

    private static long Align(long at, long alignment) => (at + alignment - 1) / alignment * alignment;
}
