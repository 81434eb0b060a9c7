using Spectre.Console;
using Spectre.Console.Rendering;

namespace ModemDriver.Cli.Output;

/// <summary>The look of the output for people. Colours and lines appear only where the writer is a terminal.</summary>
internal static class Screen
{
    // A file or a pipe has no width; this one lets the tables of the tool stand without wrapping.
    private const int WidthWithoutTerminal = 160;

    public static IAnsiConsole For(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthWithoutTerminal;
        }

        return console;
    }

    public static Table NewTable(params string[] headings)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))));
        }

        return table;
    }

    /// <summary>Cells of plain text: what a module says is never taken for markup.</summary>
    public static IEnumerable<IRenderable> Cells(params string?[] texts) =>
        texts.Select(text => new Text(text ?? "-"));

    /// <summary>Two columns: what, and its value; lines without a value are left out.</summary>
    public static Grid Facts(params (string Name, string? Value)[] facts)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadRight(2));
        grid.AddColumn();
        foreach ((string name, string? value) in facts)
        {
            if (!string.IsNullOrEmpty(value))
            {
                grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));
            }
        }

        return grid;
    }
}
