using System.Runtime.InteropServices;
using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>Reads where ONNX Runtime put each node, which it records only where the session asks for it.</summary>
internal static unsafe class NodeAssignments
{
    /// <summary>The session setting that has assignments recorded (onnxruntime_session_options_config_keys.h).</summary>
    public const string RecordKey = "session.record_ep_graph_assignment_info";

    public static IReadOnlyList<OnnxNodeAssignment> Read(nint session)
    {
        nint* subgraphs;
        nuint count;
        NativeError.ThrowIfFailed(NativeApi.GetEpGraphAssignmentInfo(session, &subgraphs, &count));
        var assignments = new List<OnnxNodeAssignment>();
        for (nuint i = 0; i < count; i++)
        {
            nint provider;
            nint* nodes;
            nuint nodeCount;
            NativeError.ThrowIfFailed(NativeApi.GetAssignedProvider(subgraphs[i], &provider));
            NativeError.ThrowIfFailed(NativeApi.GetAssignedNodes(subgraphs[i], &nodes, &nodeCount));
            for (nuint n = 0; n < nodeCount; n++) assignments.Add(Describe(Text(provider), nodes[n]));
        }

        return assignments;
    }

    private static OnnxNodeAssignment Describe(string provider, nint node)
    {
        nint name, domain, opType;
        NativeError.ThrowIfFailed(NativeApi.GetAssignedNodeName(node, &name));
        NativeError.ThrowIfFailed(NativeApi.GetAssignedNodeDomain(node, &domain));
        NativeError.ThrowIfFailed(NativeApi.GetAssignedNodeOperatorType(node, &opType));
        return new OnnxNodeAssignment(provider, Text(domain), Text(opType), Text(name));
    }

    private static string Text(nint pointer) => Marshal.PtrToStringUTF8(pointer) ?? "";
}
