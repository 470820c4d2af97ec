using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Lowering;

/// <summary>How the base class library opens a file: its modes and accesses as the flags of open, and paths that name a descriptor.</summary>
internal static class FileOpening
{
    private const int WriteOnly = 1, ReadWrite = 2, Create = 0x40, CreateNew = 0xC0, Truncate = 0x200;

    private const int AppendMode = 6, ReadAccess = 1, WriteAccess = 2;

    /// <summary>By FileMode: CreateNew 1, Create 2, Open 3, OpenOrCreate 4, Truncate 5, Append 6. What these open is taken for a file, so each says O_CREAT.</summary>
    private static readonly int[] Modes = [Create, CreateNew, Create | Truncate, Create, Create, Create | Truncate, Create];

    private static readonly string[] DescriptorFolders = ["/proc/self/fd/", "/dev/fd/"];

    /// <summary>The flags that a call's mode and access mean; where it has none, those of a file that is read and written.</summary>
    public static int FlagsOf(IEnumerable<IArgumentOperation> arguments, AssignedOnce values)
    {
        IOperation[] said = [.. Said(arguments, values)];
        int mode = ConstantOf(said, "FileMode") is { } given && given > 0 && given < Modes.Length ? given : 0;
        return Modes[mode] | ConstantOf(said, "FileAccess") switch
        {
            ReadAccess => 0,
            WriteAccess => WriteOnly,
            _ => mode == AppendMode ? WriteOnly : ReadWrite,
        };
    }

    /// <summary>True when writing begins at the end: the library goes there, without O_APPEND.</summary>
    public static bool IsAtEnd(IEnumerable<IArgumentOperation> arguments, AssignedOnce values) => ConstantOf(Said(arguments, values), "FileMode") == AppendMode;

    private static int? ConstantOf(IEnumerable<IOperation> said, string type) =>
        said.FirstOrDefault(value => value.Type?.Name == type)?.ConstantValue is { HasValue: true, Value: int number } ? number : null;

    /// <summary>The arguments, and what is put into FileStreamOptions where they are made.</summary>
    private static IEnumerable<IOperation> Said(IEnumerable<IArgumentOperation> arguments, AssignedOnce values)
    {
        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Value.Type is not { Name: "FileStreamOptions" })
                yield return argument.Value;
            else if (OptionsBehind(argument.Value, values)?.Initializer is { } initializer)
            {
                foreach (ISimpleAssignmentOperation assignment in initializer.Initializers.OfType<ISimpleAssignmentOperation>())
                    yield return assignment.Value;
            }
        }
    }

    /// <summary>The control flow graph has taken the initialiser apart; the operation tree has not.</summary>
    private static IObjectCreationOperation? OptionsBehind(IOperation argument, AssignedOnce values) =>
        values.OperationOf(argument.Syntax) is { } written
            ? written as IObjectCreationOperation ?? (values.ValueOf(written) is { } value ? AssignedOnce.Strip(value) as IObjectCreationOperation : null)
            : null;

    /// <summary>The descriptor that a path such as <c>$"/proc/self/fd/{fd}"</c> names; null when it is another path.</summary>
    public static IOperation? DescriptorIn(IOperation path) => path switch
    {
        IInterpolatedStringOperation { Parts: [IInterpolatedStringTextOperation { Text.ConstantValue: { HasValue: true, Value: string folder } }, IInterpolationOperation named] }
            when DescriptorFolders.Contains(folder) => named.Expression,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, LeftOperand.ConstantValue: { HasValue: true, Value: string folder }, RightOperand: var number }
            when DescriptorFolders.Contains(folder) => number is IConversionOperation boxed ? boxed.Operand : number,
        _ => null,
    };
}
