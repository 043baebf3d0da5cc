namespace EdgeAI.Generation;

/// <summary>How many more containers must be opened, at least, to complete the rule that a state is in. What cannot be completed at all is found by the way.</summary>
internal static class StateHeights
{
    public const int Impossible = int.MaxValue;

    public static int[] Compute(
        List<BuiltState> states, List<int> ruleStart, List<bool> ruleNests, List<(int Minimum, int Maximum)> counters, ReadOnlySpan<bool> available)
    {
        var heights = new int[states.Count];
        Array.Fill(heights, Impossible);
        var users = Users(states, ruleStart);
        var pending = new Queue<int>();
        for (var state = 0; state < states.Count; state++)
        {
            if (states[state].Accepts) pending.Enqueue(state);
        }

        while (pending.TryDequeue(out var state))
        {
            var height = Height(state, available);
            if (height >= heights[state]) continue;
            heights[state] = height;
            foreach (var user in users[state]) pending.Enqueue(user);
        }

        return heights;

        int Height(int index, ReadOnlySpan<bool> available)
        {
            var state = states[index];
            var height = state.Accepts ? 0 : Impossible;
            var canCount = !state.IsCounted || counters[state.Counter].Minimum == 0;
            foreach (var edge in state.Edges)
            {
                if (heights[edge.Target] == Impossible && edge.Target != index) continue;
                for (int value = edge.Low; value <= edge.High; value++)
                {
                    if (!available[value]) continue;
                    height = Math.Min(height, heights[edge.Target]);
                    canCount |= edge.Target == index;
                }
            }

            foreach (var (rule, next) in state.Calls)
            {
                var called = heights[ruleStart[rule]];
                if (called == Impossible || heights[next] == Impossible) continue;
                height = Math.Min(height, Math.Max(called + (ruleNests[rule] ? 1 : 0), heights[next]));
            }

            return canCount ? height : Impossible;
        }
    }

    private static List<int>[] Users(List<BuiltState> states, List<int> ruleStart)
    {
        var users = new List<int>[states.Count];
        for (var state = 0; state < users.Length; state++) users[state] = [];
        for (var state = 0; state < users.Length; state++)
        {
            foreach (var edge in states[state].Edges) users[edge.Target].Add(state);
            foreach (var (rule, next) in states[state].Calls)
            {
                users[next].Add(state);
                users[ruleStart[rule]].Add(state);
            }
        }

        return users;
    }
}
