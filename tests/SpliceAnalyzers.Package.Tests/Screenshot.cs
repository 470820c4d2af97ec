using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The pixels of a PNG file as browsers write them: eight bits a channel, not interlaced.</summary>
internal sealed class Screenshot
{
    private readonly byte[] pixels;
    private readonly int channels;

    private Screenshot(int width, int height, int channels, byte[] pixels) => (Width, Height, this.channels, this.pixels) = (width, height, channels, pixels);

    public int Width { get; }

    public int Height { get; }

    /// <summary>A pixel's colour, as "ffcf8f".</summary>
    public string At(int x, int y) => Convert.ToHexStringLower(pixels, (y * Width + x) * channels, 3);

    public int Count(string colour)
    {
        byte[] wanted = Convert.FromHexString(colour);
        return Enumerable.Range(0, Width * Height).Count(pixel => pixels.AsSpan(pixel * channels, 3).SequenceEqual(wanted));
    }

    public static Screenshot Read(string file)
    {
        byte[] png = File.ReadAllBytes(file);
        using var compressed = new MemoryStream();
        (int width, int height, int channels) = (0, 0, 0);
        for (int at = 8; at < png.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)))
        {
            ReadOnlySpan<byte> data = png.AsSpan(at + 8, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IHDR"u8))
                (width, height, channels) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]), data[9] == 6 ? 4 : 3);
            else if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
                compressed.Write(data);
        }

        compressed.Position = 0;
        using var lines = new MemoryStream();
        using (var inflating = new ZLibStream(compressed, CompressionMode.Decompress))
            inflating.CopyTo(lines);
        return new Screenshot(width, height, channels, Unfilter(lines.ToArray(), width * channels, height, channels));
    }

    /// <summary>Each line begins with how it was foretold from its neighbours to the left and above.</summary>
    private static byte[] Unfilter(byte[] lines, int stride, int height, int channels)
    {
        byte[] pixels = new byte[stride * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < stride; x++)
            {
                int left = x >= channels ? pixels[y * stride + x - channels] : 0;
                int above = y > 0 ? pixels[(y - 1) * stride + x] : 0;
                int corner = x >= channels && y > 0 ? pixels[(y - 1) * stride + x - channels] : 0;
                int foretold = lines[y * (stride + 1)] switch { 0 => 0, 1 => left, 2 => above, 3 => (left + above) / 2, _ => Paeth(left, above, corner) };
                pixels[y * stride + x] = (byte)(lines[y * (stride + 1) + 1 + x] + foretold);
            }
        }

        return pixels;
    }

    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        int[] distances = [Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner)];
        return distances[0] <= distances[1] && distances[0] <= distances[2] ? left : distances[1] <= distances[2] ? above : corner;
    }
}
