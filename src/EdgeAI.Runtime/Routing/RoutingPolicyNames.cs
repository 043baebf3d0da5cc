namespace EdgeAI;

/// <summary>The routing policies that the engine brings.</summary>
public static class RoutingPolicyNames
{
    /// <summary>The device that is predicted to answer first; others help out where everything is done sooner for it.</summary>
    public const string EarliestFinish = "earliest-finish";

    /// <summary>The device with the fewest rows running for each of its lanes.</summary>
    public const string LeastLoaded = "least-loaded";

    /// <summary>The device that is predicted to need the least energy and is in time.</summary>
    public const string Efficiency = "efficiency";

    /// <summary>One free device after the other.</summary>
    public const string RoundRobin = "round-robin";
}
