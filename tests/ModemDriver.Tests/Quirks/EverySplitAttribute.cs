using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace ModemDriver.Tests.Quirks;

/// <summary>Runs a theory once for each <see cref="Split"/>, and for each of these values, if there are any.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EverySplitAttribute(params object[] values) : DataAttribute
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        List<ITheoryDataRow> rows = [];
        foreach (Split split in Enum.GetValues<Split>())
        {
            rows.Add(new TheoryDataRow([split, .. values]));
        }

        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(rows);
    }

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
