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

    /// <summary>What methods have whose variables are members of their type.</summary>
    public static readonly (string Name, Func<Plan, bool> IsIn)[] OfTypes =
    [
        .. Enum.GetValues<Storage>().Skip(1).Select(static storage => (storage.ToString(), (Func<Plan, bool>)(plan => plan.Storage == storage))),
        ("methods that share them", In(WrapForm.Member)),
        ("virtual methods that share them", static plan => plan.Storage == Storage.FieldsOfBase && In(WrapForm.MemberVirtual)(plan)),
        ("getters that share them", In(WrapForm.MemberGetter)),
        ("async methods that share them", In(WrapForm.MemberAsync)),
        ("iterators that share them", In(WrapForm.MemberIterator)),
    ];

    /// <summary>What methods have that are about files.</summary>
    public static readonly (string Name, Func<Plan, bool> IsIn)[] OfFiles =
    [
        .. Enum.GetValues<FileSource>().Select(static source => ("file by " + source, (Func<Plan, bool>)(plan => plan.Files.Contains(source)))),
        .. Enum.GetValues<Sending>().Select(static how => (how.ToString(), (Func<Plan, bool>)(plan => plan.Body.All().Any(act => act is SendFile send && send.How == how)))),
        .. Enum.GetValues<Modification>().Select(static how => (how.ToString(), (Func<Plan, bool>)(plan => plan.Body.All().Any(act => act is ModifyFile modify && modify.How == how)))),
        ("two files", static plan => plan.Files.Count > 1),
        ("files in functions and types", static plan => plan.Body.All().OfType<Wrap>().Any(static wrap => wrap.All().Any(static act => act is SendFile or ModifyFile))),
    ];

    private static Func<Plan, bool> In(params WrapForm[] forms) => plan => plan.Body.All().OfType<Wrap>().Any(wrap => forms.Contains(wrap.Form));
}
