namespace EdgeAI.Evaluation;

/// <summary>What a probe is for.</summary>
internal enum ProbeFamily
{
    /// <summary>Small nodes in a row: the cost of a node and of a run.</summary>
    Chain,

    /// <summary>Nodes of one sort in a row: what such a node costs.</summary>
    NodeCost,

    /// <summary>Weights that no cache holds, read once a run.</summary>
    Bandwidth,

    /// <summary>Weights of a certain size, read once a run.</summary>
    WorkingSet,

    /// <summary>A product of matrices by rows.</summary>
    Gemm,

    /// <summary>Another operator.</summary>
    Operator,
}
