using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SpliceAnalyzers.Tests.Verification;

namespace SpliceAnalyzers.Tests.Robustness;

/// <summary>Spoils a source: tokens are deleted, doubled and swapped.</summary>
internal static class Mutation
{
    public static string Of(string source, PCG random, int most)
    {
        List<string> tokens = [.. CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions).GetRoot().DescendantTokens().Select(static token => token.ToFullString())];
        int Below(int count) => (int)random.Next((uint)count);
        for (int left = 1 + Below(most); left > 0 && tokens.Count > 2; left--)
        {
            int at = Below(tokens.Count - 1), other = Below(4) == 0 ? Below(tokens.Count - 1) : at + 1;
            switch (Below(3))
            {
                case 0: tokens.RemoveAt(at); break;
                case 1: tokens.Insert(at, tokens[at]); break;
                default: (tokens[at], tokens[other]) = (tokens[other], tokens[at]); break;
            }
        }

        return string.Concat(tokens);
    }
}
