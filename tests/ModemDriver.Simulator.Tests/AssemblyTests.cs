using System.Reflection;

namespace ModemDriver.Simulator.Tests;

public class AssemblyTests
{
    [Fact]
    public void The_simulator_refers_to_nothing_of_the_driver()
    {
        IEnumerable<string?> references = typeof(ModemSimulator).Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name);

        Assert.DoesNotContain(references, name => name!.StartsWith("ModemDriver", StringComparison.Ordinal));
    }

    [Fact]
    public void Vendors_are_named_in_their_folder_only()
    {
        IEnumerable<Type> elsewhere = typeof(ModemSimulator).Assembly.GetTypes()
            .Where(type => type.Namespace?.Contains(".Personalities.", StringComparison.Ordinal) == false);

        Assert.DoesNotContain(elsewhere.SelectMany(Names), name =>
            name.Contains("Esp", StringComparison.Ordinal) && !name.Contains("Respon", StringComparison.Ordinal)
            && !name.Contains("EspAtEntry", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance
            | BindingFlags.DeclaredOnly)
        .Select(member => member.Name)
        .Append(type.Name);
}
