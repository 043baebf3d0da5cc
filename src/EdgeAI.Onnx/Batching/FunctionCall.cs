using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Gives a node in a function's body the attributes of the call.</summary>
internal static class FunctionCall
{
    public static OnnxNode Bind(OnnxNode inside, OnnxNode call, OnnxFunction function)
    {
        if (inside.Attributes.All(attribute => attribute.ReferenceName is null)) return inside;
        var bound = ImmutableArray.CreateBuilder<OnnxAttribute>(inside.Attributes.Length);
        foreach (var attribute in inside.Attributes)
        {
            if (attribute.ReferenceName is not { } reference) bound.Add(attribute);
            else if ((call.FindAttribute(reference) ?? function.AttributeDefaults.FirstOrDefault(given => given.Name == reference)) is { } value) bound.Add(value.WithName(attribute.Name));
        }

        return inside with { Attributes = bound.ToImmutable() };
    }
}
