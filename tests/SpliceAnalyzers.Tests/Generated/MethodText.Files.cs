using System.Linq;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>Files that are sent, and modified.</summary>
internal sealed partial class MethodText
{
    private void WriteFileSetUp()
    {
        if (_plan.Files.Count > 0)
            Add(Set("data", "(byte*)NativeMemory.AllocZeroed(8192)"));
        for (int i = 0; i < _plan.Files.Count; i++)
        {
            string? text = _plan.Files[i] switch
            {
                FileSource.Path or FileSource.KnownPath => $"{Set($"f{i}", $"Calls.open({PathOf(i)}, 2, 0)")} if (f{i} < 0) return;",
                FileSource.Memory => $"{Set($"f{i}", "Calls.memfd_create(\"data\", 0)")} if (f{i} < 0) return;",
                FileSource.Stream => $"{Set($"s{i}", $"new FileStream({PathOf(i)}, FileMode.Open, FileAccess.ReadWrite)")} {Set($"f{i}", $"(int)s{i}.SafeFileHandle.DangerousGetHandle()")}",
                FileSource.Handle => $"{Set($"h{i}", $"File.OpenHandle({PathOf(i)}, FileMode.Open, FileAccess.ReadWrite)")} {Set($"f{i}", $"(int)h{i}.DangerousGetHandle()")}",
                _ => null,
            };
            if (text is not null)
                Add(text);
        }
    }

    private string PathOf(int file) => _plan.Files[file] == FileSource.KnownPath ? $"\"known{file}\"" : $"path{file}";

    /// <summary>What callers pass for the files.</summary>
    private System.Collections.Generic.IEnumerable<string> FileParameters() => _plan.Files
        .Select(static (source, i) => source switch { FileSource.Descriptor => $"f{i}", FileSource.Path or FileSource.Stream or FileSource.Handle => $"path{i}", _ => "" })
        .Where(static name => name.Length > 0);

    private static string Text(SendFile send, int number)
    {
        string to = send.Outlet == Outlet.Outside ? "fd" : "fds[1]";
        return send.How switch
        {
            Sending.SpliceFrom => $"{{ long at{number} = {send.From}; n = Calls.SpliceFrom(f{send.File}, ref at{number}, {to}, null, {send.Length}, 0); }}",
            Sending.SendfileFrom => $"{{ long at{number} = {send.From}; n = Calls.SendFrom({to}, f{send.File}, ref at{number}, {send.Length}); }}",
            Sending.SpliceNext => $"n = splice(f{send.File}, null, {to}, null, {send.Length}, 0);",
            _ => $"n = Calls.sendfile({to}, f{send.File}, null, {send.Length});",
        };
    }

    private string Text(ModifyFile modify, int number)
    {
        (int file, int at, int length) = (modify.File, modify.From, modify.Length);
        return modify.How switch
        {
            Modification.Pwrite => $"n = Calls.pwrite(f{file}, data, {length}, {at});",
            Modification.SeekAndWrite => $"Calls.lseek(f{file}, {at}, 0); n = write(f{file}, data, {length});",
            Modification.Truncate => $"Calls.ftruncate(f{file}, {length});",
            Modification.ThroughDuplicate => $"n = Calls.pwrite(Calls.dup(f{file}), data, {length}, {at});",
            Modification.OpenedAnew => $"int again{number} = Calls.open({PathOf(file)}, 2, 0); if (again{number} >= 0) n = Calls.pwrite(again{number}, data, {length}, {at});",
            Modification.RandomAccess when _plan.Files[file] == FileSource.Handle => $"RandomAccess.Write(h{file}, new byte[{length}], {at});",
            Modification.RandomAccess => $"{{ SafeFileHandle o{number} = new(f{file}, false); RandomAccess.Write(o{number}, new byte[{length}], {at}); }}",
            Modification.StreamWrite => $"s{file}.Position = {at}; s{file}.Write(new byte[{length}]);",
            Modification.StreamSetLength => $"s{file}.SetLength({length});",
            _ => $"{{ byte* m{number} = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, 1, f{file}, 0); if (m{number} != (void*)-1) {{ m{number}[{at}] = 1; munmap(m{number}, 8192); }} }}",
        };
    }
}
