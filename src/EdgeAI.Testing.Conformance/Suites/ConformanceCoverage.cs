namespace EdgeAI.Testing.Conformance;

/// <summary>Fails while a provider's test project does not derive every suite: new suites are not missed. Derive it once in the same project.</summary>
public abstract class ConformanceCoverage
{
    /// <summary>Suites that are left out, each with the reason. Default: none.</summary>
    protected virtual IReadOnlyDictionary<Type, string> Omitted { get; } = new Dictionary<Type, string>();

    /// <summary>Every suite is derived by a test class of this project, or left out with a reason; nothing is both.</summary>
    [TestMethod]
    public void EverySuite_IsDerivedOrOmittedWithAReason()
    {
        var derived = GetType().Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsDefined(typeof(TestClassAttribute), inherit: false)).ToArray();
        var problems = new List<string>();
        foreach (var suite in typeof(ConformanceSuite).Assembly.GetExportedTypes().Where(type => type.IsAbstract && type.IsSubclassOf(typeof(ConformanceSuite))))
        {
            var isDerived = derived.Any(type => type.IsSubclassOf(suite));
            if (Omitted.TryGetValue(suite, out var reason))
            {
                if (isDerived) problems.Add($"{suite.Name} is derived and omitted at once; drop it from Omitted");
                if (string.IsNullOrWhiteSpace(reason)) problems.Add($"{suite.Name} is omitted without a reason");
            }
            else if (!isDerived)
            {
                problems.Add($"{suite.Name} is not derived; add a [TestClass] that derives it, or name it in Omitted with the reason");
            }
        }

        if (problems.Count > 0) Assert.Fail($"{GetType().Assembly.GetName().Name}: {string.Join("; ", problems)}.");
    }
}
