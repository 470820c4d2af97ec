using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>Puts ranges of a plan's statements into functions, types and statements. What is true of the plan stays true, but for the places.</summary>
internal sealed class Wrapping
{
    private static readonly WrapForm[] All = Enum.GetValues<WrapForm>();

    /// <summary>Not where variables cannot be captured: in structures, and in methods with parameters by reference.</summary>
    private static readonly HashSet<WrapForm> Capturing =
    [
        WrapForm.LocalFunction, WrapForm.Lambda, WrapForm.LambdaWithResult, WrapForm.LambdaPassedOn, WrapForm.LambdaInField, WrapForm.LambdaInArray,
        WrapForm.MethodGroup, WrapForm.Iterator, WrapForm.IteratorLeft, WrapForm.RecursionDown, WrapForm.RecursionTwice,
    ];

    private static readonly HashSet<WrapForm> Structures = [WrapForm.ByReference, WrapForm.TypeInStructure];

    private readonly PCG _random;
    private readonly int _buffers;

    private Wrapping(PCG random, int buffers) => (_random, _buffers) = (random, buffers);

    public static readonly Gen<Plan> Any =
        from plan in Plans.Any
        from seed in Gen.ULong
        select plan with { Body = new Wrapping(new PCG(1, seed), plan.Buffers.Count).Wrapped(plan.Body, new Spot(0, CanCapture: true)) };

    /// <summary>What can stand at a place.</summary>
    private readonly record struct Spot(int Depth, bool CanCapture);

    private bool Chance(uint of) => _random.Next(of) == 0;

    private Block Wrapped(Block block, Spot spot)
    {
        var acts = new List<Act>();
        for (int i = 0; i < block.Acts.Count;)
        {
            if (spot.Depth < 3 && Chance(3))
            {
                int length = 1 + (int)_random.Next((uint)Math.Min(4, block.Acts.Count - i));
                acts.Add(Around(new Block([.. block.Acts.Skip(i).Take(length)]), spot));
                i += length;
            }
            else
            {
                Act act = block.Acts[i++];
                acts.Add(act.With([.. act.Blocks.Select(inner => Wrapped(inner, spot))]));
            }
        }

        return new Block(acts);
    }

    private Act Around(Block body, Spot spot)
    {
        if (Chance(12))
            return new Owner((int)_random.Next((uint)_buffers), Chance(2), Wrapped(body, spot));
        WrapForm form;
        do
        {
            form = All[_random.Next((uint)All.Length)];
        }
        while (!Fits(form, body, spot));
        return new Wrap(form, Wrapped(body, new Spot(spot.Depth + 1, (spot.CanCapture || new Wrap(form, body).IsCall) && !Structures.Contains(form))));
    }

    private static bool Fits(WrapForm form, Block body, Spot spot) => form switch
    {
        WrapForm.AsyncLocalFunction or WrapForm.FunctionPointer => false,
        WrapForm.IteratorOfType => !body.All().Any(static a => a is Rotation),
        WrapForm.Finally => !body.All().Any(static a => a is Rotation || a is HandOff handOff && Forms.HandOffs[handOff.Form].Contains("stackalloc", StringComparison.Ordinal)),
        WrapForm.TypeInStructure => !body.All().Any(static a => a is Store store && Forms.PointerStores[store.Form].Text.Contains("Local", StringComparison.Ordinal)),
        _ => spot.CanCapture || !Capturing.Contains(form),
    };
}
