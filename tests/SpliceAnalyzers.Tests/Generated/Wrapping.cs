using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>Puts ranges of a plan's statements into functions, types and statements. What is true of the plan stays true, but for the places.</summary>
internal sealed class Wrapping
{
    private static readonly WrapForm[] All = Enum.GetValues<WrapForm>();

    private static readonly WrapForm[] Members = [.. All.Where(static form => new Wrap(form, new Block([])).IsMember)];

    /// <summary>Not where variables cannot be captured: in structures, and in methods with parameters by reference.</summary>
    private static readonly HashSet<WrapForm> Capturing =
    [
        WrapForm.LocalFunction, WrapForm.Lambda, WrapForm.LambdaWithResult, WrapForm.LambdaPassedOn, WrapForm.LambdaInField, WrapForm.LambdaInArray,
        WrapForm.MethodGroup, WrapForm.Iterator, WrapForm.IteratorLeft, WrapForm.RecursionDown, WrapForm.RecursionTwice,
    ];

    private static readonly HashSet<WrapForm> Structures = [WrapForm.ByReference, WrapForm.TypeInStructure];

    private readonly PCG _random;
    private readonly Plan _plan;

    private Wrapping(PCG random, Plan plan) => (_random, _plan) = (random, plan);

    /// <summary>Plans with wraps, over variables of the method.</summary>
    public static readonly Gen<Plan> Any =
        from plan in Plans.Few
        from seed in Gen.ULong
        select Wrapped(plan, seed);

    /// <summary>Plans with wraps, over variables that are members of the method's type.</summary>
    public static readonly Gen<Plan> OfTypes =
        from plan in Plans.Few
        from seed in Gen.ULong
        from storage in Gen.Int[1, (int)Storage.FieldsOfStructure]
        select Wrapped(plan with { Storage = (Storage)storage == Storage.FieldsOfStructure && !FitsStructure(plan.Body) ? Storage.Fields : (Storage)storage }, seed);

    /// <summary>The same about files.</summary>
    public static readonly Gen<Plan> OfFiles =
        from plan in Plans.OfFiles
        from seed in Gen.ULong
        from storage in Gen.Int[0, (int)Storage.Properties]
        select Wrapped(plan with { Storage = (Storage)storage }, seed);

    private static Plan Wrapped(Plan plan, ulong seed) =>
        plan with { Body = new Wrapping(new PCG(1, seed), plan).Wrapped(plan.Body, new Spot(0, plan.Storage != Storage.FieldsOfStructure, plan.Storage != Storage.Locals)) };

    /// <summary>What can stand at a place.</summary>
    private readonly record struct Spot(int Depth, bool CanCapture, bool HasMembers);

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
            return new Owner((int)_random.Next((uint)_plan.Buffers.Count), Chance(2), Wrapped(body, spot));
        WrapForm form;
        do
        {
            form = spot.HasMembers && Chance(3) ? Members[_random.Next((uint)Members.Length)] : All[_random.Next((uint)All.Length)];
        }
        while (!Fits(form, body, spot));
        var wrap = new Wrap(form, body);
        bool isMember = wrap.IsMember;
        return wrap.With([Wrapped(body, new Spot(
            spot.Depth + 1,
            !Structures.Contains(form) && (isMember ? _plan.Storage != Storage.FieldsOfStructure : spot.CanCapture || wrap.IsCall),
            spot.HasMembers && (isMember || !wrap.IsCall || spot.CanCapture && Capturing.Contains(form) && form != WrapForm.LambdaWithResult)))]);
    }

    private bool Fits(WrapForm form, Block body, Spot spot) => form switch
    {
        WrapForm.AsyncLocalFunction or WrapForm.FunctionPointer => false,
        WrapForm.IteratorOfType => !body.All().Any(static a => a is Rotation),
        WrapForm.Finally => !body.All().Any(static a => a is Rotation || a is HandOff handOff && Forms.HandOffs[handOff.Form].Contains("stackalloc", StringComparison.Ordinal)),
        WrapForm.TypeInStructure => FitsStructure(body),
        WrapForm.ByReference => _plan.Storage != Storage.Properties,
        WrapForm.MemberAsync or WrapForm.MemberIterator => spot.HasMembers && _plan.Storage != Storage.FieldsOfStructure,
        >= WrapForm.Member and <= WrapForm.MemberGetter => spot.HasMembers,
        _ => spot.CanCapture || !Capturing.Contains(form),
    };

    /// <summary>Methods of a structure can have no local functions that use its fields.</summary>
    private static bool FitsStructure(Block body) =>
        !body.All().Any(static a => a is Store store && Forms.PointerStores[store.Form].Text.Contains("Local", StringComparison.Ordinal));
}
