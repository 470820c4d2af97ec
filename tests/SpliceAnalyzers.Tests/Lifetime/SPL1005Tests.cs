using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Pages of a file are in flight, by splice or sendfile, and the file is modified.</summary>
public class SPL1005Tests
{
    private const string Calls = """
        const int O_RDWR = 2, O_CREAT = 0x40, O_TRUNC = 0x200, O_APPEND = 0x400, O_DIRECT = 0x4000, MAP_SHARED = 1;
        const int FALLOC_FL_KEEP_SIZE = 1, FALLOC_FL_PUNCH_HOLE = 2, FALLOC_FL_COLLAPSE_RANGE = 8, FALLOC_FL_ZERO_RANGE = 0x10;

        [DllImport("libc", SetLastError = true)] static extern nint sendfile(int out_fd, int in_fd, long* offset, nuint count);
        [DllImport("libc", SetLastError = true)] static extern nint pwrite(int fd, void* buf, nuint count, long offset);
        [DllImport("libc", SetLastError = true)] static extern nint pread(int fd, void* buf, nuint count, long offset);
        [DllImport("libc", SetLastError = true)] static extern nint pwritev(int fd, iovec* iov, int iovcnt, long offset);
        [DllImport("libc", SetLastError = true)] static extern int ftruncate(int fd, long length);
        [DllImport("libc", SetLastError = true)] static extern int fallocate(int fd, int mode, long offset, long length);
        [DllImport("libc", SetLastError = true)] static extern long lseek(int fd, long offset, int whence);
        [DllImport("libc", SetLastError = true)] static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);
        [DllImport("libc", SetLastError = true)] static extern int rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
        [DllImport("libc", SetLastError = true)] static extern int unlink([MarshalAs(UnmanagedType.LPUTF8Str)] string path);
        [DllImport("libc", SetLastError = true)] static extern int dup(int fd);
        [DllImport("libc", SetLastError = true)] static extern int fsync(int fd);
        [DllImport("libc", SetLastError = true)] static extern int memfd_create([MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags);
        """ + "\n";

    private static Task Members(string members) => Case.Members(Calls + members);

    /// <summary>Bytes 0-8191 of the file behind a descriptor go to a pipe.</summary>
    private static Task AfterSplice(string statements) => Members($$"""
        static void Run(int file, int pipe, byte* data, long at)
        {
            long offset = 0;
            if (splice(file, &offset, pipe, null, 8192, 0) <= 0)
                return;
            {{statements}}
        }
        """);

    [Theory]
    [InlineData("{|SPL1005:pwrite(file, data, 8, 0)|};")]
    [InlineData("{|SPL1005:pwrite(file, data, 8, 8191)|};")]
    [InlineData("{|SPL1005:pwrite(file, data, 8, at)|};")]
    [InlineData("{|SPL1005:write(file, data, 8)|};")]
    [InlineData("iovec v = new() { iov_base = data, iov_len = 8 }; {|SPL1005:pwritev(file, &v, 1, 4096)|};")]
    [InlineData("iovec v = new() { iov_base = data, iov_len = 8 }; {|SPL1005:writev(file, &v, 1)|};")]
    [InlineData("{|SPL1005:ftruncate(file, 100)|};")]
    [InlineData("{|SPL1005:ftruncate(file, at)|};")]
    [InlineData("{|SPL1005:fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 10, 20)|};")]
    [InlineData("{|SPL1005:fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096)|};")]
    [InlineData("{|SPL1005:fallocate(file, FALLOC_FL_ZERO_RANGE, 0, 4096)|};")]
    [InlineData("int copy = dup(file); {|SPL1005:pwrite(copy, data, 8, 0)|};")]
    [InlineData("int same = file; {|SPL1005:pwrite(same, data, 8, 0)|};")]
    [InlineData("lseek(file, 0, 0); {|SPL1005:write(file, data, 8)|};")]
    [InlineData("int target = open(\"data\", O_RDWR | O_CREAT, 0x1a4); if (target >= 0 && splice(target, null, pipe, null, 8, 0) == 8) {|SPL1005:pwrite(target, data, 8, 0)|};")]
    [InlineData("byte* map = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0); if (map != (void*)-1) {|SPL1005:map[0] = 1|};")]
    [InlineData("byte* map = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 4096); if (map != (void*)-1) {|SPL1005:map[10] = 1|};")]
    [InlineData("try { } finally { {|SPL1005:pwrite(file, data, 8, 0)|}; }")]
    [InlineData("for (int i = 0; i < 10; i++) {|SPL1005:pwrite(file, data, 8, i * 4096)|};")]
    [InlineData("using SafeFileHandle handle = new(file, false); {|SPL1005:RandomAccess.Write(handle, new byte[8], 0)|};")]
    [InlineData("using FileStream stream = new(new SafeFileHandle(file, false), FileAccess.Write); {|SPL1005:stream.Write(new byte[8])|};")]
    public Task The_file_behind_a_descriptor(string statements) => AfterSplice(statements);

    [Theory]
    [InlineData("pwrite(file, data, 8, 8192);")]
    [InlineData("pwrite(pipe, data, 8, 0);")]
    [InlineData("write(pipe, data, 8);")]
    [InlineData("iovec v = new() { iov_base = data, iov_len = 8 }; pwritev(file, &v, 1, 8192);")]
    [InlineData("ftruncate(file, 0);")]
    [InlineData("ftruncate(file, 4096);")]
    [InlineData("ftruncate(file, 16384);")]
    [InlineData("fallocate(file, 0, 0, 8192);")]
    [InlineData("fallocate(file, FALLOC_FL_COLLAPSE_RANGE, 0, 4096);")]
    [InlineData("fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 8192, 4096);")]
    [InlineData("int copy = dup(file); pread(copy, data, 8, 0);")]
    [InlineData("int other = open(\"new\", O_RDWR | O_CREAT, 0x1a4); if (other >= 0) pwrite(other, data, 8, 0);")]
    [InlineData("byte* map = (byte*)mmap(null, 8192, PROT_READ, MAP_SHARED, file, 0); if (map != (void*)-1) data[0] = map[0];")]
    [InlineData("byte* map = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0); if (map != (void*)-1) map[0] = 1;")]
    [InlineData("byte* map = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 8192); if (map != (void*)-1) map[10] = 1;")]
    [InlineData("fsync(file); lseek(file, 0, 0); close(file);")]
    [InlineData("for (int i = 2; i < 10; i++) pwrite(file, data, 8, i * 4096);")]
    [InlineData("using SafeFileHandle handle = new(file, false); RandomAccess.Read(handle, new byte[8], 0);")]
    [InlineData("using FileStream stream = new(new SafeFileHandle(file, false), FileAccess.Read); stream.Read(new byte[8]);")]
    public Task Safe_nothing_in_flight_changes(string statements) => AfterSplice(statements);

    [Theory]
    [InlineData("sendfile(socket, file, null, 4096)", "{|SPL1005:pwrite(file, data, 8, 0)|}")]
    [InlineData("sendfile(socket, file, &at, 4096)", "{|SPL1005:pwrite(file, data, 8, 100)|}")]
    [InlineData("sendfile(socket, file, null, 4096)", "{|SPL1005:write(file, data, 8)|}")]
    [InlineData("sendfile(socket, file, null, length)", "{|SPL1005:ftruncate(file, 10)|}")]
    public Task The_file_was_sent_to_a_socket_or_pipe(string send, string modify) => Members(Sent(send, modify));

    [Theory]
    [InlineData("sendfile(socket, file, &at, 4096)", "pwrite(file, data, 8, 4096)")]
    [InlineData("sendfile(socket, file, null, 4096)", "pread(file, data, 8, 0)")]
    [InlineData("sendfile(socket, file, null, length)", "ftruncate(file, 0)")]
    [InlineData("sendfile(socket, file, null, 4096)", "write(socket, data, 8)")]
    public Task Safe_the_file_that_was_sent_is_read_or_changed_elsewhere(string send, string modify) => Members(Sent(send, modify));

    private static string Sent(string send, string modify) => $$"""
        static void Run(int socket, int file, byte* data, nuint length)
        {
            long at = 0;
            nint sent = {{send}};
            if (sent > 0)
                {{modify}};
        }
        """;

    [Theory]
    [InlineData("int file, string path", "", "2048")]
    [InlineData("string path", "int file = open(path, O_RDWR, 0); if (file < 0) return;", "2048")]
    [InlineData("string path", "int file = open(path, O_RDWR, 0); if (file < 0) return;", "5000")]
    public Task Safe_there_is_nothing_to_send_behind_the_end(string parameters, string open, string at) => Members(Behind(parameters, open, at, "ftruncate(file, 3000)"));

    [Theory]
    [InlineData("int file, string path", "", "2047")]
    [InlineData("string path", "int file = open(path, O_RDWR, 0); if (file < 0) return;", "100")]
    public Task There_is_something_to_send_before_the_end(string parameters, string open, string at) => Members(Behind(parameters, open, at, "{|SPL1005:pwrite(file, data, 4096, 0)|}"));

    private static string Behind(string parameters, string open, string at, string modify) => $$"""
        static void Run(int pipe, byte* data, {{parameters}})
        {
            {{open}}
            if (ftruncate(file, 2048) != 0)
                return;
            long offset = {{at}};
            nint n = splice(file, &offset, pipe, null, 4096, 0);
            {{modify}};
        }
        """;

    [Fact]
    public Task Safe_nothing_was_sent() => Members("""
        static void Run(int socket, int file, byte* data)
        {
            if (sendfile(socket, file, null, 4096) <= 0)
                pwrite(file, data, 8, 0);
        }
        """);

    /// <summary>The file is known by the value of its path.</summary>
    private static Task ByPath(string source, string modify) => Members($$"""
        const string Name = "data";

        static void Run(string path, string other, int pipe, byte* data)
        {
            {{source}}
            if (file < 0 || splice(file, null, pipe, null, 8192, 0) <= 0)
                return;
            {{modify}}
        }
        """);

    [Theory]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write }); {|SPL1005:again.Write(new byte[8])|};")]
    [InlineData("int file = open(path, 0, 0);", "int again = open(path, O_RDWR, 0); {|SPL1005:pwrite(again, data, 8, 0)|};")]
    [InlineData("int file = open(\"data\", 0, 0);", "int again = open(\"data\", O_RDWR, 0); {|SPL1005:pwrite(again, data, 8, 0)|};")]
    [InlineData("int file = open(Name, 0, 0);", "int again = open(\"data\", O_RDWR, 0); {|SPL1005:write(again, data, 8)|};")]
    [InlineData("int file = open(path, 0, 0); close(dup(file));", "string same = path; using SafeFileHandle again = File.OpenHandle(same, FileMode.Open, FileAccess.Write); {|SPL1005:RandomAccess.Write(again, new byte[8], 0)|};")]
    [InlineData("using FileStream source = File.OpenRead(path); int file = (int)source.SafeFileHandle.DangerousGetHandle();", "using FileStream again = File.OpenWrite(path); {|SPL1005:again.Write(new byte[8], 0, 8)|};")]
    [InlineData("using FileStream source = new(path, FileMode.Open, FileAccess.ReadWrite); int file = (int)source.SafeFileHandle.DangerousGetHandle();", "source.Position = 0; {|SPL1005:source.WriteByte(1)|};")]
    [InlineData("using FileStream source = new(path, FileMode.Open, FileAccess.ReadWrite); int file = (int)source.SafeFileHandle.DangerousGetHandle();", "source.Seek(0, SeekOrigin.Begin); {|SPL1005:source.Write(new byte[8])|};")]
    [InlineData("using FileStream source = File.Open(path, FileMode.Open); int file = (int)source.SafeFileHandle.DangerousGetHandle();", "{|SPL1005:source.SetLength(100)|};")]
    [InlineData("using SafeFileHandle source = File.OpenHandle(path, access: FileAccess.ReadWrite); int file = (int)source.DangerousGetHandle();", "{|SPL1005:RandomAccess.SetLength(source, 100)|};")]
    [InlineData("using SafeFileHandle source = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite); int file = (int)source.DangerousGetHandle();", "{|SPL1005:RandomAccess.Write(source, new byte[8], 0)|};")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = new(path, FileMode.OpenOrCreate); {|SPL1005:again.Write(new byte[8])|};")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = new(path, FileMode.Append, FileAccess.Write); again.Position = 0; {|SPL1005:again.Write(new byte[8])|};")]
    [InlineData("int file = open(path, 0, 0);", "int again = open(path, O_RDWR | O_CREAT, 0x1a4); if (again >= 0) {|SPL1005:write(again, data, 8)|};")]
    [InlineData("int file = open(path, 0, 0);", "int again = open($\"/proc/self/fd/{file}\", O_RDWR, 0); if (again >= 0) {|SPL1005:write(again, data, 8)|};")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = File.OpenWrite(\"/proc/self/fd/\" + file); {|SPL1005:again.Write(new byte[8])|};")]
    [InlineData("int file = open(path, 0, 0);", "using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(path); using MemoryMappedViewAccessor view = map.CreateViewAccessor(); {|SPL1005:view.Write(0, 1L)|};")]
    public Task The_same_file_by_path_stream_or_handle(string source, string modify) => ByPath(source, modify);

    [Theory]
    [InlineData("int file = open(path, 0, 0);", "int again = open(other, O_RDWR, 0); pwrite(again, data, 8, 0);")]
    [InlineData("int file = open(\"data\", 0, 0);", "int again = open(\"new\", O_RDWR, 0); pwrite(again, data, 8, 0);")]
    [InlineData("int file = open(Name, 0, 0);", "int again = open(Name + \".new\", O_RDWR | O_CREAT, 0x1a4); write(again, data, 8);")]
    [InlineData("int file = open(path, O_DIRECT, 0);", "int again = open(path, O_RDWR, 0); pwrite(again, data, 8, 0);")]
    [InlineData("int file = open(path, 0, 0);", "int next = open(\"new\", O_RDWR | O_CREAT, 0x1a4); write(next, data, 8); rename(\"new\", path);")]
    [InlineData("int file = open(path, 0, 0);", "File.WriteAllBytes(other, new byte[8]); File.Move(other, path, overwrite: true);")]
    [InlineData("int file = open(path, 0, 0);", "unlink(path); close(file);")]
    [InlineData("int file = open(path, O_RDWR, 0);", "lseek(file, 8192, 0); write(file, data, 8);")]
    [InlineData("int file = open(path, 0, 0);", "File.Delete(path);")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = File.Create(path); again.Write(new byte[8]);")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = new(path, FileMode.Create); again.Write(new byte[8]);")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write }); again.Write(new byte[8]);")]
    [InlineData("int file = open(path, 0, 0);", "var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write }; using FileStream again = File.Open(path, options); again.Write(new byte[8]);")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = new(path, FileMode.Truncate, FileAccess.Write); again.Write(new byte[8]);")]
    [InlineData("int file = open(path, 0, 0);", "int again = open(path, O_RDWR | O_TRUNC, 0); if (again >= 0) write(again, data, 8);")]
    [InlineData("int file = open(path, 0, 0);", "int again = open(path, O_RDWR | O_APPEND, 0); if (again >= 0) write(again, data, 8);")]
    [InlineData("int file = open(path, 0, 0);", "int again = open(path, O_RDWR, 0); lseek(again, 0, 2); write(again, data, 8); write(again, data, 8);")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = new(path, FileMode.Append); again.Write(new byte[8]); again.Write(new byte[8]);")]
    [InlineData("int file = open(path, 0, 0);", "using FileStream again = new(path, FileMode.Open); again.Seek(0, SeekOrigin.End); again.Write(new byte[8]);")]
    [InlineData("using FileStream source = File.OpenRead(path); int file = (int)source.SafeFileHandle.DangerousGetHandle();", "using FileStream again = File.OpenWrite(other); again.Write(new byte[8], 0, 8);")]
    [InlineData("using FileStream source = File.Open(path, FileMode.Open); int file = (int)source.SafeFileHandle.DangerousGetHandle();", "source.SetLength(0);")]
    [InlineData("using SafeFileHandle source = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite); int file = (int)source.DangerousGetHandle();", "RandomAccess.Write(source, new byte[8], 1 << 20);")]
    [InlineData("int file = open(path, 0, 0);", "using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(other); using MemoryMappedViewAccessor view = map.CreateViewAccessor(); view.Write(0, 1L);")]
    [InlineData("int file = open(path, 0, 0);", "using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(path); using MemoryMappedViewAccessor view = map.CreateViewAccessor(); data[0] = view.ReadByte(0);")]
    public Task Safe_another_file_or_another_path(string source, string modify) => ByPath(source, modify);

    [Fact]
    public Task The_next_turn_of_a_loop_writes_what_the_turn_before_sent() => Members("""
        static void Run(int file, int pipe, byte* data)
        {
            while (true)
            {
                if ({|SPL1005:pwrite(file, data, 4096, 0)|} != 4096)
                    return;
                long offset = 0;
                if (splice(file, &offset, pipe, null, 4096, 0) != 4096)
                    return;
            }
        }
        """);

    [Fact]
    public Task Safe_each_turn_of_a_loop_makes_a_file_of_its_own() => Members("""
        static void Run(int pipe, byte* data)
        {
            while (true)
            {
                int file = memfd_create("block", 0);
                if (file < 0 || pwrite(file, data, 4096, 0) != 4096)
                    return;
                long offset = 0;
                if (splice(file, &offset, pipe, null, 4096, 0) != 4096)
                    return;
                close(file);
            }
        }
        """);

    [Fact]
    public Task A_helper_sends_and_another_writes() => Members("""
        static bool Send(int file, int pipe)
        {
            long offset = 0;
            return splice(file, &offset, pipe, null, 4096, 0) == 4096;
        }

        static void Update(int file, byte* data) => pwrite(file, data, 8, 0);

        static void Run(int file, int pipe, byte* data)
        {
            if (Send(file, pipe))
                {|SPL1005:Update(file, data)|};
        }
        """);

    [Fact]
    public Task Safe_the_helper_that_writes_has_another_file() => Members("""
        static bool Send(int file, int pipe)
        {
            long offset = 0;
            return splice(file, &offset, pipe, null, 4096, 0) == 4096;
        }

        static void Update(int file, byte* data) => pwrite(file, data, 8, 0);

        static void Run(int file, int index, int pipe, byte* data)
        {
            if (Send(file, pipe))
                Update(index, data);
        }
        """);

    private static Task Store(string update) => Case.Types($$"""
        internal sealed unsafe class Store(SafeFileHandle file, SafeFileHandle index)
        {
            [DllImport("libc", EntryPoint = "sendfile", SetLastError = true)] static extern nint SendFile(int target, SafeFileHandle source, long* offset, nuint count);

            internal void Send(int socket)
            {
                long offset = 0;
                if (SendFile(socket, file, &offset, 4096) != 4096)
                    throw new IOException();
            }

            internal void Update(ReadOnlySpan<byte> head)
            {
                {{update}};
                RandomAccess.Write(index, head, 0);
            }
        }
        """);

    [Fact]
    public Task Methods_of_a_type_share_the_file() => Store("{|SPL1005:RandomAccess.Write(file, head, 0)|}");

    [Fact]
    public Task Safe_the_method_that_writes_keeps_off_what_is_sent() => Store("RandomAccess.Write(file, head, 4096)");

    /// <summary>The program has both ends of the pipe.</summary>
    private static Task PrivatePipe(string drain, string modify) => Members($$"""
        static void Run(int file, int target, byte* data)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            long offset = 0;
            nint n = splice(file, &offset, fds[1], null, 4096, 0);
            if (n <= 0)
                return;
            {{drain}};
            {{modify}};
        }
        """);

    [Theory]
    [InlineData("", "{|SPL1005:pwrite(file, data, 8, 0)|}")]
    [InlineData("read(fds[0], data, 100)", "{|SPL1005:pwrite(file, data, 8, 200)|}")]
    [InlineData("splice(fds[0], null, target, null, 4096, 0)", "{|SPL1005:pwrite(file, data, 8, 0)|}")]
    [InlineData("close(fds[1])", "{|SPL1005:pwrite(file, data, 8, 0)|}")]
    public Task The_pages_are_not_all_out_of_the_pipe(string drain, string modify) => PrivatePipe(drain, modify);

    [Theory]
    [InlineData("if (read(fds[0], data, 4096) != n) return", "pwrite(file, data, 8, 0)")]
    [InlineData("if (read(fds[0], data, 100) != 100) return", "pwrite(file, data, 8, 0)")]
    [InlineData("int copy = open(\"copy\", O_RDWR | O_CREAT, 0x1a4); if (splice(fds[0], null, copy, null, 4096, 0) != n) return", "pwrite(file, data, 8, 0)")]
    [InlineData("close(fds[0]); close(fds[1])", "pwrite(file, data, 8, 0)")]
    public Task Safe_the_pages_were_copied_out_or_dropped(string drain, string modify) => PrivatePipe(drain, modify);

    [Fact]
    public Task Safe_sendfile_from_file_to_file_is_a_copy() => Members("""
        static void Run(string from, string to, byte* data)
        {
            int source = open(from, O_RDWR, 0), target = open(to, O_RDWR | O_CREAT, 0x1a4);
            if (source < 0 || target < 0 || sendfile(target, source, null, 4096) <= 0)
                return;
            pwrite(source, data, 8, 0);
        }
        """);

    [Fact]
    public Task Memory_and_file_in_one_pipe_are_said_apart() => Members("""
        static void Run(int file, int pipe, byte* data)
        {
            byte* head = (byte*)NativeMemory.Alloc(16);
            NativeMemory.Fill(head, 16, 1);
            iovec v = new() { iov_base = head, iov_len = 16 };
            if (vmsplice(pipe, &v, 1, SPLICE_F_MORE) != 16)
                return;
            long offset = 0;
            if (splice(file, &offset, pipe, null, 4096, 0) <= 0)
                return;
            {|SPL1005:pwrite(file, data, 8, 0)|};
            {|SPL1001:head[0] = 2|};
        }
        """);

    [Fact]
    public Task Safe_a_file_is_sent_piece_by_piece_as_it_grows() => Members("""
        static void Run(int pipe, string path, byte[] record)
        {
            using FileStream log = new(path, FileMode.Append, FileAccess.Write);
            using SafeFileHandle source = File.OpenHandle(path, FileMode.Open);
            long sent = 0;
            for (int i = 0; i < 100; i++)
            {
                log.Write(record);
                log.Flush();
                long offset = sent;
                if (sendfile(pipe, (int)source.DangerousGetHandle(), &offset, (nuint)record.Length) < 0)
                    return;
                sent += record.Length;
            }
        }
        """);

    [Fact]
    public Task The_message_names_the_file() => Case.File("""
        using System.IO;
        using System.Runtime.InteropServices;

        internal static unsafe class Program
        {
            [DllImport("libc", SetLastError = true)]
            private static extern nint sendfile(int out_fd, int in_fd, long* offset, nuint count);

            private static void Run(int socket, byte[] data)
            {
                using FileStream source = new("data", FileMode.Open);
                if (sendfile(socket, (int)source.SafeFileHandle.DangerousGetHandle(), null, 4096) < 0)
                    return;
                source.Position = 0;
                {|#0:source.Write(data)|};
            }
        }
        """,
        Case.At(0, "SPL1005",
            "'source' is modified while pages of it are still in the pipe: the call on line 12 queued bytes 0-4095 by reference, and the reader gets what the file "
            + "holds when it reads. Copy with read and write, or write a new file and rename it over the old one."));
}
