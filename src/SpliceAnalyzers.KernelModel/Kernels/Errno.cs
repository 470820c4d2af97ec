namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>Error numbers of Linux, the same on x86-64 and arm64.</summary>
internal static class Errno
{
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int ENXIO = 6;
    public const int EBADF = 9;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EFAULT = 14;
    public const int EBUSY = 16;
    public const int EINVAL = 22;
    public const int ENOSPC = 28;
    public const int ESPIPE = 29;
    public const int EPERM = 1;
    public const int EPIPE = 32;
    public const int EOPNOTSUPP = 95;
}
