namespace EdgeAI;

/// <summary>
/// How one axis of an input is filled up, so that requests of different lengths can share a run, or how it is cut back in an output. Declares that the model's
/// answers do not depend on what is filled in, as with an attention mask. Immutable.
/// </summary>
/// <param name="Axis">The axis, from 0; not the batch axis.</param>
/// <param name="Multiple">Lengths are filled up to the next multiple of this, 1 or more; ignored for outputs.</param>
/// <param name="Value">What is filled in, converted to the element type; ignored for outputs.</param>
public sealed record AxisPadding(int Axis, int Multiple = 32, double Value = 0);
