using System;
using System.Collections.Generic;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>
/// All states seen, each under a number in the order of first sight. Their bytes lie in large blocks; a state is found by a 64-bit hash that is
/// the same on every machine, and then compared word by word.
/// </summary>
internal sealed class StateTable
{
    private const int BlockWords = 1 << 15;
    private const ulong Prime = 0x9E3779B97F4A7C15;

    private readonly List<ulong[]> _blocks = [];
    private readonly List<Entry> _entries = [];
    private int _usedInBlock;
    private int[] _buckets = new int[1024];
    private ulong[] _scratch = new ulong[64];

    private struct Entry
    {
        public ulong Hash;
        public int Block;
        public int Start;
        public int Words;
    }

    public int Count => _entries.Count;

    /// <summary>How many bytes the states take.</summary>
    public long Bytes { get; private set; }

    public ulong HashOf(int state) => _entries[state].Hash;

    /// <summary>The hash of a padded state.</summary>
    public static ulong Hash(ulong[] words, int count)
    {
        unchecked
        {
            var hash = Prime ^ (ulong)count;
            for (var i = 0; i < count; i++)
            {
                hash = (hash ^ words[i]) * Prime;
                hash ^= hash >> 29;
            }
            return hash;
        }
    }

    /// <summary>The number of a state that was seen before; -1 if it was not.</summary>
    public int Find(StateBytes state)
    {
        var words = Load(state);
        return _buckets[FindBucket(Hash(_scratch, words), words)] - 1;
    }

    /// <summary>The number of a state, a new one if it was not seen before.</summary>
    public int Add(StateBytes state, out bool isNew)
    {
        var words = Load(state);
        var hash = Hash(_scratch, words);
        var bucket = FindBucket(hash, words);
        isNew = _buckets[bucket] == 0;
        if (!isNew) return _buckets[bucket] - 1;
        var block = Reserve(words, out var start);
        Array.Copy(_scratch, 0, _blocks[block], start, words);
        _entries.Add(new Entry { Hash = hash, Block = block, Start = start, Words = words });
        _buckets[bucket] = _entries.Count;
        if (_entries.Count * 2 > _buckets.Length) Grow();
        return _entries.Count - 1;
    }

    /// <summary>Copies a state's bytes out, ready to be read.</summary>
    public void CopyTo(int state, StateBytes target)
    {
        var entry = _entries[state];
        target.Prepare(entry.Words * 8);
        Buffer.BlockCopy(_blocks[entry.Block], entry.Start * 8, target.Buffer, 0, entry.Words * 8);
    }

    private int Load(StateBytes state)
    {
        var words = state.Length / 8;
        if (_scratch.Length < words) _scratch = new ulong[2 * words];
        Buffer.BlockCopy(state.Buffer, 0, _scratch, 0, state.Length);
        return words;
    }

    private int FindBucket(ulong hash, int words)
    {
        var mask = _buckets.Length - 1;
        for (var bucket = (int)(hash >> 32) & mask; ; bucket = bucket + 1 & mask)
        {
            if (_buckets[bucket] == 0 || IsSame(_entries[_buckets[bucket] - 1], hash, words)) return bucket;
        }
    }

    private bool IsSame(in Entry entry, ulong hash, int words)
    {
        if (entry.Hash != hash || entry.Words != words) return false;
        var block = _blocks[entry.Block];
        for (var i = 0; i < words; i++)
        {
            if (block[entry.Start + i] != _scratch[i]) return false;
        }
        return true;
    }

    private int Reserve(int words, out int start)
    {
        if (_blocks.Count == 0 || _usedInBlock + words > _blocks[_blocks.Count - 1].Length)
        {
            // Most programs are small, and so is the first block.
            var size = Math.Min(BlockWords, 1024 << Math.Min(_blocks.Count, 10));
            _blocks.Add(new ulong[Math.Max(words, size)]);
            _usedInBlock = 0;
        }
        start = _usedInBlock;
        _usedInBlock += words;
        Bytes += words * 8L;
        return _blocks.Count - 1;
    }

    private void Grow()
    {
        _buckets = new int[_buckets.Length * 2];
        var mask = _buckets.Length - 1;
        for (var i = 0; i < _entries.Count; i++)
        {
            var bucket = (int)(_entries[i].Hash >> 32) & mask;
            while (_buckets[bucket] != 0) bucket = bucket + 1 & mask;
            _buckets[bucket] = i + 1;
        }
    }
}
