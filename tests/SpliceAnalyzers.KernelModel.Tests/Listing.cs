using System.Linq;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>A program as text, for the messages of failing tests.</summary>
internal static class Listing
{
    public static string Of(SpliceProgram program) =>
        string.Join("\n", program.Procedures.SelectMany(static (procedure, index) => procedure.Code.Select((instruction, pc) => $"{index}.{pc}: {Of(instruction)}")));

    private static string Of(Instruction instruction) => instruction switch
    {
        Assign assign => $"r{assign.Target} = {Of(assign.Value)}",
        Choose choose => $"r{choose.Target} = one of {string.Join(", ", choose.Alternatives.Select(Of))}",
        Branch branch => $"if {Of(branch.Condition)} goto {branch.WhenTrue} else {branch.WhenFalse}",
        Jump jump => $"goto {jump.Target}",
        Allocate allocate => $"r{allocate.Target} = new {allocate.Kind} {Of(allocate.Size)}",
        Load load => $"r{load.Target} = [{Of(load.Address)}]:{load.Width}",
        StoreValue store => $"[{Of(store.Address)}]:{store.Width} = {Of(store.Value)}",
        StoreBytes store => $"store {Of(store.Address)} + {Of(store.Length)}",
        CopyBytes copy => $"copy {Of(copy.Destination)} from {Of(copy.Source)} + {Of(copy.Length)}",
        Pin pin => $"pin {Of(pin.Address)}",
        Release release => $"release {Of(release.Address)} {release.Kind}",
        Escape escape => $"escape {Of(escape.Value)}",
        SystemCall call => $"r{call.Target} = {call.Kind}({string.Join(", ", call.Arguments.Select(Of))})",
        Call call => $"call {call.Procedure}({string.Join(", ", call.Arguments.Select(Of))})",
        Return leave => $"return {string.Join(", ", leave.Values.Select(Of))}",
        _ => instruction.GetType().Name,
    };

    private static string Of(Expression expression) => expression switch
    {
        ConstantExpression constant => $"{constant.Value}",
        RegisterExpression register => $"r{register.Index}",
        BinaryExpression binary => $"({Of(binary.Left)} {binary.Operator} {Of(binary.Right)})",
        _ => "?",
    };
}
