namespace EdgeAI.Generation;

/// <summary>How the matrix of a projection is stored, and which operator multiplies by it.</summary>
internal interface IProjectionFormat
{
    /// <summary>Adds the product of a value by a matrix [out, in].</summary>
    /// <param name="graph">Receives nodes and weights.</param>
    /// <param name="name">Names them.</param>
    /// <param name="input">The value, [.., in].</param>
    /// <param name="projection">The matrix and what is added to its product.</param>
    /// <returns>The name of the result, [.., out].</returns>
    string Project(GraphAssembler graph, string name, string input, Projection projection);
}
