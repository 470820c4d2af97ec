using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>What callers that nobody knows could pass: memory of their own, a number of bytes, either truth value.</summary>
internal static class ForeignArguments
{
    /// <summary>Several pages and a remainder, and less than a page.</summary>
    public static readonly long[] UsualLengths = [MethodLowering.TypicalLength, 100];

    /// <summary>More lengths than these are not tried.</summary>
    private const int MostLengths = 5;

    /// <summary>Makes one argument: its value and its length.</summary>
    /// <param name="code">Where it is made.</param>
    /// <param name="sites">Where instructions come from.</param>
    /// <param name="parameter">What it is an argument for.</param>
    /// <param name="others">Lengths that callers may pass besides the usual ones.</param>
    public static (Expression Value, Expression Length) Make(CodeBuilder code, SiteTable sites, IParameterSymbol parameter, IEnumerable<long>? others = null)
    {
        int target = code.NewRegister();
        Expression value = Expression.Register(target);
        ITypeSymbol type = TypeShape.WithoutWrapping(parameter.Type)!;
        Expression[] lengths = [.. UsualLengths.Concat(others ?? []).Distinct().Take(MostLengths).Select(Expression.Constant)];
        int Site() => parameter.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration ? sites.Add(declaration.GetSyntax(), parameter.Name) : -1;

        if (parameter.RefKind != RefKind.None || TypeShape.IsStruct(type))
        {
            RegionKind kind = parameter.RefKind != RefKind.None && !TypeShape.HoldsReferences(type) ? RegionKind.CallerArray : RegionKind.ForeignObject;
            code.Add(new Allocate(Site(), target, kind, Expression.Constant(TypeShape.SizeOf(type))));
            return (value, Expression.Unknown);
        }

        if (type is IPointerTypeSymbol)
        {
            code.Add(new Allocate(Site(), target, RegionKind.Caller, Expression.Unknown));
            return (value, Expression.Unknown);
        }

        if (type is IArrayTypeSymbol || TypeShape.IsSpanLike(type))
        {
            Expression length = Expression.Register(code.NewRegister());
            code.Add(new Choose(-1, code.Registers - 1, lengths));
            code.Add(new Allocate(Site(), target, RegionKind.CallerArray, Expression.Multiply(length, Expression.Constant(TypeShape.SizeOf(TypeShape.ElementOf(type))))));
            if (type is IArrayTypeSymbol)
                code.Add(new StoreValue(-1, MethodLowering.LengthAddress(value), length, 8, silent: true));
            return (value, length);
        }

        if (type.SpecialType == SpecialType.System_Boolean)
            code.Add(new Choose(-1, target, [Expression.Zero, Expression.Constant(1)]));
        else if (type.SpecialType == SpecialType.System_String)
            code.Add(new Allocate(Site(), target, RegionKind.CallerArray, Expression.Unknown));
        else if (type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr && !IsCountName(parameter.Name))
            // A pointer in disguise; used as a number, its address is as good as any.
            code.Add(new Allocate(Site(), target, RegionKind.Caller, Expression.Unknown));
        else if (type is { IsReferenceType: true } && !TypeShape.IsDescriptor(type))
            code.Add(new Allocate(Site(), target, RegionKind.ForeignObject, Expression.Unknown));
        else if (MethodLowering.IsCount(type) && IsCountName(parameter.Name))
            code.Add(new Choose(-1, target, lengths));
        else
            code.Add(new Assign(-1, target, Expression.Unknown));
        return (value, Expression.Unknown);
    }

    private static bool IsCountName(string name) =>
        new[] { "len", "count", "size", "bytes", "offset", "n" }.Any(word => name.Equals(word, System.StringComparison.OrdinalIgnoreCase) || word.Length > 2 && name.IndexOf(word, System.StringComparison.OrdinalIgnoreCase) >= 0);
}
