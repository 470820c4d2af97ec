using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Places: what can be assigned, where it lies, reading and writing it.</summary>
internal sealed partial class MethodLowering
{
    private Place PlaceOf(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return OfVariable(local.Local, local.Local.RefKind != RefKind.None);
            case IParameterReferenceOperation parameter:
                return OfVariable(parameter.Parameter, isRef: false);
            case IFlowCaptureReferenceOperation capture:
                return _capturedPlaces.TryGetValue(capture.Id, out Place captured) ? captured
                    : _captures.TryGetValue(capture.Id, out Place place) ? place : Place.Nowhere;
            case IFieldReferenceOperation field:
                return OfField(field);
            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                return OfElement(Evaluate(element.ArrayReference).Value, Evaluate(element.Indices[0]).Value, element.Type);
            case IArrayElementReferenceOperation element:
                // Of an array of several dimensions any element; of half-typed code, too.
                foreach (IOperation index in element.Indices)
                    Evaluate(index);
                return OfElement(Evaluate(element.ArrayReference).Value, Expression.Unknown, element.Type);
            case IPropertyReferenceOperation { Instance: { } enumerator } current when CurrentOf(current) is not null:
                return Place.In(Evaluate(enumerator).Value);
            case IPropertyReferenceOperation { Instance: { } span, Arguments.Length: 1 } indexer when TypeShape.IsSpanLike(span.Type):
                return OfElement(Evaluate(span).Value, Evaluate(indexer.Arguments[0].Value).Value, indexer.Type);
            case IInvocationOperation call when call.TargetMethod.ReturnsByRef || call.TargetMethod.ReturnsByRefReadonly:
                return Place.In(Invoke(call).Value);
            case IImplicitIndexerReferenceOperation { Argument: not IRangeOperation } fromEnd:
                Operand whole = Evaluate(fromEnd.Instance);
                Expression total = fromEnd.Instance.Type is IArrayTypeSymbol ? LengthOfArray(whole.Value) : whole.LengthOrUnknown;
                return OfElement(whole.Value, IndexOf(fromEnd.Argument, total), fromEnd.Type);
            case IInlineArrayAccessOperation inline:
                return OfElement(AddressOf(inline.Instance), Evaluate(inline.Argument).Value, inline.Type);
            case IPropertyReferenceOperation { Instance: { } list, Arguments.Length: > 0 } item when CollectionCatalogue.IsCollection(list.Type):
                Expression position = CollectionCatalogue.IsList(list.Type) ? Evaluate(item.Arguments[0].Value).Value : Expression.Zero;
                return OfElement(Evaluate(list).Value, position, item.Type) with { Silent = true };
            case IPropertyReferenceOperation { Property: { ReturnsByRef: true } or { ReturnsByRefReadonly: true }, Property.GetMethod: { } getter } property:
                return Place.In(CallMethod(property, getter, property.Instance is { } owner ? ReceiverOf(owner) : null, property.Arguments, property.Instance).Value);
            case IEventReferenceOperation reference:
                return OfEvent(reference);
            case IConversionOperation { OperatorMethod: null } unboxed when TypeShape.IsStruct(unboxed.Type) && unboxed.Operand.Type is { IsReferenceType: true }:
                return Place.In(Evaluate(unboxed.Operand).Value, silent: true);
            case IConversionOperation conversion:
                return PlaceOf(conversion.Operand);
            case IDeclarationExpressionOperation declaration:
                return PlaceOf(declaration.Expression);
            case IParenthesizedOperation parenthesized:
                return PlaceOf(parenthesized.Operand);
            case { Kind: OperationKind.None }:
                return OfUnmodelled(operation);
            default:
                return TypeShape.IsStruct(operation.Type) ? Place.In(Evaluate(operation).Value, silent: true) : Place.Nowhere;
        }
    }

    private Place OfVariable(ISymbol symbol, bool isRef)
    {
        if (!_variables.TryGetValue(symbol, out Place place))
            return symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } owner } parameter && !SymbolEqualityComparer.Default.Equals(owner, method)
                ? Place.In(Expression.Add(Receiver(), Expression.Constant(Initialisation.OffsetOf(parameter))), silent: true)
                : OfCaptured(symbol);
        return isRef ? Place.In(Expression.Register(place.Register)) : place;
    }

    /// <summary>Where a field lies, or what a reference that is a field leads to.</summary>
    private Place OfField(IFieldReferenceOperation field) =>
        field.Field.RefKind == RefKind.None ? SlotOf(field) : SlotOf(field).Address is { } address ? Place.In(Load(address, 8)) : Place.Nowhere;

    private Place SlotOf(IFieldReferenceOperation field)
    {
        if (field.Field.IsStatic)
            return OfStatic(field.Field, field.Field.Type);
        if (field.Instance is not { } instance)
            return Place.Nowhere;
        if (TypeShape.IsWrapped(instance.Type))
            return PlaceOf(instance);
        bool inObject = instance.Type is { IsReferenceType: true };
        Place owner = inObject ? Place.In(Evaluate(instance).Value, silent: true) : PlaceOf(instance);
        return owner.Address is { } address
            ? Place.In(Expression.Add(address, Expression.Constant(TypeShape.OffsetOf(field.Field))), inObject ? TypeShape.HoldsReferences(field.Field.Type) : owner.Silent)
            : Place.Nowhere;
    }

    /// <summary>Static fields of the source lie one after another behind register 0.</summary>
    private Place OfStatic(ISymbol field, ITypeSymbol fieldType)
    {
        if (field is IFieldSymbol { IsConst: true } || !field.ContainingType.Locations.Any(static l => l.IsInSource))
            return Place.Nowhere;
        procedure.Statics.Add(field.ContainingType.OriginalDefinition);
        procedure.SharesFields |= field is not IFieldSymbol variable || TypeShape.CanChange(variable);
        Expression offset = Expression.Constant(program.OffsetOfStatic(field, fieldType));
        return EntryPoint.IsStaticData(fieldType)
            ? Place.In(Expression.Add(Load(Expression.Register(0), 8), offset))
            : Place.In(Expression.Add(Expression.Register(0), offset), silent: true);
    }

    /// <summary>A field-like event is a field that holds the last delegate added to it.</summary>
    private Place OfEvent(IEventReferenceOperation reference)
    {
        if (reference.Event.IsStatic)
            return OfStatic(reference.Event, reference.Event.Type);
        return reference.Instance is { } instance && reference.Event.ContainingType.Locations.Any(static l => l.IsInSource)
            ? Place.In(Expression.Add(Evaluate(instance).Value, Expression.Constant(Initialisation.OffsetOf(reference.Event))), silent: true)
            : Place.Nowhere;
    }

    private Operand Subscribe(IEventAssignmentOperation assignment)
    {
        Operand handler = Evaluate(assignment.HandlerValue);
        if (assignment.Adds && assignment.EventReference is IEventReferenceOperation reference)
            Write(OfEvent(reference), assignment.HandlerValue.Type, handler, -1);
        return Operand.Unknown;
    }

    private static Place OfElement(Expression start, Expression index, ITypeSymbol? type) =>
        Place.In(Expression.Add(start, Expression.Multiply(index, Expression.Constant(TypeShape.SizeOf(type)))));

    /// <summary>The one place that knows which unsafe constructs the control flow graph does not model: they are told apart by their syntax.</summary>
    private Place OfUnmodelled(IOperation operation)
    {
        IOperation[] children = [.. operation.ChildOperations];
        switch (operation.Syntax)
        {
            case ElementAccessExpressionSyntax when children.Length == 2:
                return OfElement(Evaluate(children[0]).Value, Evaluate(children[1]).Value, operation.Type);
            case PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.PointerIndirectionExpression) && children.Length == 1:
                return Place.In(Evaluate(children[0]).Value);
            default:
                // The instance of `p->f`: its one child is the pointer.
                return children.Length == 1 && children[0].Type is IPointerTypeSymbol ? Place.In(Evaluate(children[0]).Value) : Place.Nowhere;
        }
    }

    private Expression AddressOf(IOperation operation) => PlaceOf(operation).Address ?? Expression.Unknown;

    private Operand Read(Place place, ITypeSymbol? type)
    {
        if (place.Register >= 0)
            return new Operand(Expression.Register(place.Register), place.LengthRegister >= 0 && TypeShape.IsSpanLike(type) ? Expression.Register(place.LengthRegister) : null);
        if (place.Address is not { } address)
            return Operand.Unknown;
        if (TypeShape.IsStruct(type))
            return new Operand(address);
        int target = _code.NewRegister();
        _code.Add(new Load(-1, target, address, TypeShape.WidthOf(type) is var width && TypeShape.IsSpanLike(type) ? 8 : width, MissingOf(type)));
        if (!TypeShape.IsSpanLike(type))
            return new Operand(Expression.Register(target));
        int length = _code.NewRegister();
        _code.Add(new Load(-1, length, Expression.Add(address, Expression.Constant(8)), 8, Missing.OneOf(Expression.Constant(TypicalLength))));
        return new Operand(Expression.Register(target), Expression.Register(length));
    }

    /// <summary>What a field or element that was there before may hold.</summary>
    private static Missing? MissingOf(ITypeSymbol? type) => TypeShape.WithoutWrapping(type) switch
    {
        IArrayTypeSymbol => Missing.Region(RegionKind.Managed, Expression.Unknown),
        IPointerTypeSymbol or { SpecialType: SpecialType.System_IntPtr } => Missing.Region(RegionKind.Native, Expression.Unknown),
        _ when TypeShape.IsSpanLike(type) => Missing.Region(RegionKind.CallerArray, Expression.Unknown),
        _ when TypeShape.IsDescriptor(type) => null,
        { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } => Missing.Region(RegionKind.ForeignObject, Expression.Unknown),
        { SpecialType: SpecialType.System_Boolean } => Missing.OneOf(Expression.Zero, Expression.Constant(1)),
        _ => null,
    };

    private void Write(Place place, ITypeSymbol? type, Operand value, int site)
    {
        if (place.Register >= 0)
        {
            _code.Add(new Assign(site, place.Register, value.Value));
            if (place.LengthRegister >= 0 && value.Length is not null)
                _code.Add(new Assign(site, place.LengthRegister, value.Length));
        }
        else if (place.Address is { } address)
        {
            if (TypeShape.IsStruct(type))
                _code.Add(new CopyBytes(site, address, value.Value, Expression.Constant(TypeShape.SizeOf(type)), place.Silent));
            else if (TypeShape.IsSpanLike(type))
            {
                _code.Add(new StoreValue(site, address, value.Value, 8, silent: true));
                _code.Add(new StoreValue(site, Expression.Add(address, Expression.Constant(8)), value.LengthOrUnknown, 8, silent: true));
            }
            else
                _code.Add(new StoreValue(site, address, value.Value, TypeShape.WidthOf(type), place.Silent));
        }
    }
}
