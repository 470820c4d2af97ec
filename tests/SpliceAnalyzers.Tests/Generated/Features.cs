using System;
using System.Linq;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>What the grammars are about: so that nothing vanishes from them unseen, each has its share of the methods.</summary>
internal static class Features
{
    /// <summary>What wrapped methods have.</summary>
    public static readonly (string Name, Func<Plan, bool> IsIn)[] OfWraps =
    [
        ("local functions", In(WrapForm.LocalFunction, WrapForm.StaticLocalFunction)),
        ("static methods", In(WrapForm.StaticMethod)),
        ("parameters by reference", In(WrapForm.ByReference)),
        ("lambdas", In(WrapForm.Lambda, WrapForm.LambdaWithResult)),
        ("delegates passed on, in fields, arrays or of methods", In(WrapForm.LambdaPassedOn, WrapForm.LambdaInField, WrapForm.LambdaInArray, WrapForm.MethodGroup)),
        ("iterators", In(WrapForm.Iterator, WrapForm.IteratorOfType)),
        ("iterators left early", In(WrapForm.IteratorLeft)),
        ("async methods", In(WrapForm.AsyncMethod, WrapForm.ValueTaskMethod)),
        ("objects over buffers in fields", In(WrapForm.Type, WrapForm.TypeWithConstructor)),
        ("structures", In(WrapForm.TypeInStructure)),
        ("properties and indexers", In(WrapForm.TypeWithProperty, WrapForm.TypeWithIndexer)),
        ("base classes and interfaces", In(WrapForm.TypeWithBase, WrapForm.TypeWithInterface)),
        ("static state", In(WrapForm.TypeStatic)),
        ("Dispose that works", In(WrapForm.TypeDisposed, WrapForm.TypeDisposedAtEnd)),
        ("Dispose that gives up a buffer", static plan => plan.Body.All().OfType<Owner>().Any()),
        ("recursion", In(WrapForm.RecursionDown, WrapForm.RecursionTwice)),
        ("try, catch and finally", In(WrapForm.Try, WrapForm.Catch, WrapForm.Finally)),
        ("switch and patterns", In(WrapForm.Switch, WrapForm.SwitchPattern)),
        ("goto, lock, do and using", In(WrapForm.Label, WrapForm.Lock, WrapForm.Once, WrapForm.UsingOther)),
    ];

    private static Func<Plan, bool> In(params WrapForm[] forms) => plan => plan.Body.All().OfType<Wrap>().Any(wrap => forms.Contains(wrap.Form));
}
