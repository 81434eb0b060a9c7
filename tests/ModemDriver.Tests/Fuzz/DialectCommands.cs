using System.Collections;
using System.Reflection;
using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Links;
using ModemDriver.Services;

namespace ModemDriver.Tests.Fuzz;

/// <summary>
/// Every command that a dialect can make, found by walking through the interfaces of <see cref="Dialect"/>: a command that is
/// added later is among them without being listed.
/// </summary>
internal static class DialectCommands
{
    /// <summary>Makes them all anew; a command is used once.</summary>
    public static List<AtCommand> MakeAll(Dialect dialect)
    {
        SampleArguments arguments = new();
        return [.. Recipes(dialect).SelectMany(recipe => recipe.Make(dialect, arguments))];
    }

    /// <summary>How each is made of a dialect of this kind.</summary>
    public static List<CommandRecipe> Recipes(Dialect dialect)
    {
        List<CommandRecipe> recipes =
        [
            new("Dialect.BringUp", _ => _, (part, _) => ((Dialect)part).BringUp()),
            new("Dialect.NewReset", _ => _, (part, _) => ((Dialect)part).NewReset()),
            new("Dialect.NewFactoryRestore", _ => _, (part, _) => ((Dialect)part).NewFactoryRestore()),
        ];
        Walk(typeof(Dialect), dialect, whole => whole, recipes);
        return recipes;
    }

    // Into every property whose type is an interface of the driver: links, and what stands below links.
    private static void Walk(Type type, object owner, Func<object, object?> path, List<CommandRecipe> recipes)
    {
        foreach (PropertyInfo property in type.GetProperties())
        {
            bool isPart = property.PropertyType.IsInterface && property.PropertyType.Assembly == typeof(Dialect).Assembly;
            if (!isPart || property.GetValue(owner) is not { } part)
            {
                continue;
            }

            object? Find(object whole) => path(whole) is { } found ? property.GetValue(found) : null;
            AddMethods(property.PropertyType, Find, recipes);
            Walk(property.PropertyType, part, Find, recipes);
        }
    }

    private static void AddMethods(Type type, Func<object, object?> path, List<CommandRecipe> recipes)
    {
        foreach (MethodInfo method in type.GetMethods().Where(method => !method.IsSpecialName && MakesCommands(method.ReturnType)))
        {
            foreach (bool isFirst in (bool[])[true, false])
            {
                string name = $"{type.Name}.{method.Name}" + (isFirst ? string.Empty : "'");
                recipes.Add(new CommandRecipe(name, path, (part, arguments) => Call(method, part, arguments, isFirst)));
            }
        }
    }

    private static object? Call(MethodInfo method, object part, SampleArguments arguments, bool isFirst)
    {
        object?[] given = [.. method.GetParameters().Select(parameter => arguments.Get(parameter, isFirst))];
        try
        {
            return method.Invoke(part, BindingFlags.DoNotWrapExceptions, binder: null, given, culture: null);
        }
        catch (NotSupportedException)
        {
            return null; // This firmware has no such command.
        }
    }

    private static bool MakesCommands(Type type) =>
        typeof(AtCommand).IsAssignableFrom(type) || type == typeof(ModuleMqttStep)
        || (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)
            && (typeof(AtCommand).IsAssignableFrom(type.GenericTypeArguments[0]) || type.GenericTypeArguments[0] == typeof(SetupStep)
                || type.GenericTypeArguments[0] == typeof(ModuleMqttStep)));
}

/// <summary>How one or some commands are made.</summary>
/// <param name="Name">The interface and its method; marked where a second set of arguments is used.</param>
/// <param name="Part">Finds the part of a dialect that makes it; null where a dialect has none.</param>
/// <param name="Call">Makes it of that part.</param>
internal sealed record CommandRecipe(
    string Name, Func<object, object?> Part, Func<object, SampleArguments, object?> Call)
{
    /// <summary>Makes it anew.</summary>
    public IEnumerable<AtCommand> Make(Dialect dialect, SampleArguments arguments) =>
        Part(dialect) is not { } part ? [] : Call(part, arguments) switch
        {
            AtCommand command => [command],
            ModuleMqttStep step => [step.Command],
            IEnumerable<ModuleMqttStep> steps => steps.Select(step => step.Command),
            IEnumerable<BringUpStep> steps => steps.Select(step => step.Command),
            IEnumerable<SetupStep> steps => steps.Select(step => step.Command),
            IEnumerable<AtCommand> commands => commands,
            _ => [],
        };
}
