using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.Tests.Generated;

/// <content>Files that are sent, and modified.</content>
internal sealed partial class ConcreteRun
{
    private readonly Value[] _files;

    /// <summary>A descriptor that callers pass: nobody knows it, but it is the same in all calls. A path may be another each time.</summary>
    private static Value DescriptorOf(int index) => Value.Unknown(2 + index);

    private Value PathOf(int index) => _plan.Files[index] == FileSource.KnownPath ? Value.Exact(-3 - index) : Value.Unknown(4 + index + 2 * _watch.Calls[0].Call);

    /// <summary>False when a file could not be opened.</summary>
    private bool OpenFiles()
    {
        _data = Make(RegionKind.Native, Plan.Size);
        for (int i = 0; i < _files.Length; i++)
        {
            switch (_plan.Files[i])
            {
                case FileSource.Descriptor:
                    _files[i] = DescriptorOf(i);
                    continue;
                case FileSource.Memory: Call(SystemCallKind.MemfdCreate); break;
                default: Call(SystemCallKind.Open, PathOf(i), Value.Exact(2)); break;
            }

            if (!_lastValue.IsDescriptor)
                return false;
            _files[i] = _lastValue;
        }

        return true;
    }

    private Value _data;

    private bool Run(SendFile send)
    {
        Value to = send.Outlet == Outlet.Outside ? Outside : _writeEnd, length = Value.Exact(send.Length), at = Value.Exact(0);
        if (send.How is Sending.SpliceFrom or Sending.SendfileFrom)
        {
            at = Make(RegionKind.Object, 8);
            ValueMemory.Store(_kernel.Memory[at.Region], Value.Exact(0), 8, Value.Exact(send.From));
        }

        return send.How is Sending.SpliceFrom or Sending.SpliceNext
            ? CallAndKeep(SystemCallKind.Splice, _files[send.File], at, to, Value.Exact(0), length, Value.Exact(0))
            : CallAndKeep(SystemCallKind.Sendfile, to, _files[send.File], at, length);
    }

    private bool Run(ModifyFile modify)
    {
        Value file = _files[modify.File], at = Value.Exact(modify.From), length = Value.Exact(modify.Length);
        switch (modify.How)
        {
            case Modification.Pwrite:
                return CallAndKeep(SystemCallKind.Pwrite, file, _data, length, at);
            case Modification.RandomAccess:
                return Call(SystemCallKind.Pwrite, file, _data, length, at);
            case Modification.SeekAndWrite:
                return Call(SystemCallKind.Lseek, file, at, Value.Exact(0)) && CallAndKeep(SystemCallKind.Write, file, _data, length);
            case Modification.StreamWrite:
                // A stream writes all, or throws.
                return Call(SystemCallKind.Lseek, file, at, Value.Exact(0)) && Call(SystemCallKind.Write, matters: false, file, _data, length);
            case Modification.Truncate or Modification.StreamSetLength:
                return Call(SystemCallKind.Ftruncate, file, length);
            case Modification.ThroughDuplicate:
                return Call(SystemCallKind.Dup, file) && CallAndKeep(SystemCallKind.Pwrite, _lastValue, _data, length, at);
            case Modification.OpenedAnew:
                Call(SystemCallKind.Open, PathOf(modify.File), Value.Exact(2));
                return !_lastValue.IsDescriptor || CallAndKeep(SystemCallKind.Pwrite, _lastValue, _data, length, at);
            default:
                Call(SystemCallKind.Mmap, Value.Exact(0), Value.Exact(Plan.Size), Value.Exact(3), Value.Exact(1), file, Value.Exact(0));
                if (!_lastValue.IsPointer)
                    return true;
                Value mapped = _lastValue;
                Change(mapped, modify.From, 1);
                return Call(SystemCallKind.Munmap, mapped, Value.Exact(Plan.Size));
        }
    }
}
