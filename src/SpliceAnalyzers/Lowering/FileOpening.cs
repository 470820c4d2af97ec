using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

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
    public static int FlagsOf(IEnumerable<IArgumentOperation> arguments)
    {
        int mode = ConstantOf(arguments, "FileMode") is { } given && given > 0 && given < Modes.Length ? given : 0;
        return Modes[mode] | ConstantOf(arguments, "FileAccess") switch
        {
            ReadAccess => 0,
            WriteAccess => WriteOnly,
            _ => mode == AppendMode ? WriteOnly : ReadWrite,
        };
    }

    /// <summary>True when writing begins at the end: the library goes there, without O_APPEND.</summary>
    public static bool IsAtEnd(IEnumerable<IArgumentOperation> arguments) => ConstantOf(arguments, "FileMode") == AppendMode;

    private static int? ConstantOf(IEnumerable<IArgumentOperation> arguments, string type) =>
        arguments.FirstOrDefault(argument => argument.Value.Type?.Name == type)?.Value.ConstantValue is { HasValue: true, Value: int number } ? number : null;

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
