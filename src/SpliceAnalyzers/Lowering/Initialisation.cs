using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>What runs before a constructor's body: field initialisers, what a primary constructor keeps, the base type's constructor.</summary>
internal sealed class Initialisation(CompilationLowering program, LoweredProcedure procedure)
{
    /// <summary>Parameters of primary constructors that methods use live in the object, behind all fields; of a struct, right behind them. For initialisers all are there.</summary>
    private const long KeptParameters = 1 << 20;

    private readonly CodeBuilder _code = new();

    /// <summary>Where an object keeps a parameter of its type's primary constructor.</summary>
    public static long OffsetOf(IParameterSymbol parameter)
    {
        if (parameter.ContainingType is { TypeKind: TypeKind.Struct } && TypeShape.IsKept(parameter))
            return TypeShape.OffsetOfKept(parameter);
        int depth = 0;
        for (INamedTypeSymbol? type = parameter.ContainingType?.BaseType; type is not null; type = type.BaseType)
            depth++;
        return KeptParameters + depth * 65536 + parameter.Ordinal * 1024;
    }

    /// <summary>Where an object keeps the delegate of a field-like event.</summary>
    public static long OffsetOf(IEventSymbol field) =>
        2 * KeptParameters + 16 * field.ContainingType.GetMembers().OfType<IEventSymbol>().TakeWhile(e => e.Name != field.Name).Count();

    /// <summary>A constructor without a body of its own: implicit or primary.</summary>
    public void LowerConstructor(IMethodSymbol constructor)
    {
        (_, int self) = (_code.NewRegister(), _code.NewRegister());
        int first = _code.Registers;
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            int value = _code.NewRegister();
            _code.NewRegister();
            Keep(self, OffsetOf(parameter), parameter.Type, value);
        }

        Before(program, procedure, _code, constructor, self, first);
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            if (PositionalField(parameter) is { } field)
                Keep(self, TypeShape.OffsetOf(field), parameter.Type, first + 2 * parameter.Ordinal);
        }

        Finish(constructor.Parameters.Length * 2 + 2);
    }

    /// <summary>Puts an argument, and its length in the next register, into the object.</summary>
    private void Keep(int self, long offset, ITypeSymbol type, int value)
    {
        Expression at = Expression.Add(Expression.Register(self), Expression.Constant(offset));
        if (TypeShape.IsStruct(type))
        {
            _code.Add(new CopyBytes(-1, at, Expression.Register(value), Expression.Constant(TypeShape.SizeOf(type)), silent: true));
            return;
        }

        _code.Add(new StoreValue(-1, at, Expression.Register(value), TypeShape.WidthOf(type), silent: true));
        if (TypeShape.IsSpanLike(type))
            _code.Add(new StoreValue(-1, Expression.Add(at, Expression.Constant(8)), Expression.Register(value + 1), 8, silent: true));
    }

    /// <summary>The field behind the property that a record makes of a parameter.</summary>
    private static IFieldSymbol? PositionalField(IParameterSymbol parameter) => parameter.ContainingType.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field =>
        field.AssociatedSymbol is IPropertySymbol property && property.Name == parameter.Name && property.DeclaringSyntaxReferences.Any(static r => r.GetSyntax() is ParameterSyntax));

    /// <summary>Field initialisers and the base type's constructor, unless the constructor names one itself.</summary>
    public static void Before(CompilationLowering program, LoweredProcedure procedure, CodeBuilder code, IMethodSymbol constructor, int self, int firstParameter)
    {
        ConstructorInitializerSyntax? initializer = (program.DeclarationOf(constructor) as ConstructorDeclarationSyntax)?.Initializer;
        if (initializer is { ThisOrBaseKeyword.Text: "this" })
            return;
        Call(procedure, code, program.InitialisersOf(constructor.ContainingType), self);
        if (initializer is not null || constructor.ContainingType.BaseType is not { } parent)
            return;
        if (program.DeclarationOf(constructor) is TypeDeclarationSyntax { BaseList.Types: [PrimaryConstructorBaseTypeSyntax, ..] } declaration)
            CallBase(program, procedure, code, constructor, declaration, self, firstParameter);
        else if (parent.InstanceConstructors.FirstOrDefault(static c => c.Parameters.Length == 0) is { } plain && program.ProcedureOf(plain) is >= 0 and var number)
            Call(procedure, code, number, self);
    }

    /// <summary>What a primary constructor passes to the base type's is computed by a procedure of its own, which gets all parameters.</summary>
    private static void CallBase(CompilationLowering program, LoweredProcedure procedure, CodeBuilder code, IMethodSymbol constructor, TypeDeclarationSyntax declaration, int self, int firstParameter)
    {
        if (program.GraphOf(declaration) is not { } graph)
            return;
        int number = program.Reserve(constructor.ContainingType.Name, null, p => new MethodLowering(program, p, constructor, parent: null).Lower(graph));
        procedure.Callees.Add(number);
        code.Add(new Call(-1, number, [Expression.Register(0), Expression.Register(self), .. Enumerable.Range(firstParameter, 2 * constructor.Parameters.Length).Select(Expression.Register)], []));
    }

    private static void Call(LoweredProcedure procedure, CodeBuilder code, int number, int self)
    {
        procedure.Callees.Add(number);
        code.Add(new Call(-1, number, [Expression.Register(0), Expression.Register(self)], []));
    }

    /// <summary>All initialisers of fields and auto-properties, in the order of the source; for statics the static constructor too.</summary>
    public void LowerFields(INamedTypeSymbol type, bool isStatic)
    {
        (_, int self) = (_code.NewRegister(), _code.NewRegister());
        foreach (ISymbol member in type.GetMembers().Where(m => m.IsStatic == isStatic && m is IFieldSymbol { IsConst: false, IsImplicitlyDeclared: false } or IPropertySymbol && m.IsStatic == isStatic))
        {
            if (InitialiserOf(member) is not { } initialiser)
                continue;
            int number = program.Reserve(member.Name, null, p =>
            {
                var lowering = new MethodLowering(program, p, type);
                if (program.GraphOf(initialiser) is { } graph)
                    lowering.Lower(graph);
                else
                    lowering.LowerNothing();
            });
            Call(procedure, _code, number, self);
        }

        if (isStatic && type.StaticConstructors.FirstOrDefault() is { } constructor && program.ProcedureOf(constructor) is >= 0 and var body)
        {
            procedure.Callees.Add(body);
            _code.Add(new Call(-1, body, [Expression.Register(0)], []));
        }

        Finish(2);
    }

    private EqualsValueClauseSyntax? InitialiserOf(ISymbol member) => program.DeclarationOf(member) switch
    {
        VariableDeclaratorSyntax field => field.Initializer,
        PropertyDeclarationSyntax property => property.Initializer,
        _ => null,
    };

    private void Finish(int parameters)
    {
        _code.Add(new Return(-1, []));
        procedure.Code = _code.Build(procedure.Name, parameters);
    }
}
