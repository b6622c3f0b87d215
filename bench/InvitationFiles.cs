using System.Globalization;
using Muster.Files;

namespace Muster.Bench;

/// <summary>Lists of people to invite.</summary>
public static class InvitationFiles
{
    private static readonly string[] Titles = ["Email", "First name", "Last name", "Organisation unit", "Groups", Ground.Field];

    public static int Columns => Titles.Length;

    /// <summary>Writes as many new people as there are users, in rows short enough for a million of them to stay below the largest upload.</summary>
    /// <returns>The file.</returns>
    public static async Task<string> Write(string folder, MeasuredAction action, Ground ground, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ground);
        var isXlsx = action == MeasuredAction.InviteXlsx;
        var path = Path.Combine(folder, isXlsx ? "people.xlsx" : "people.csv");
        await using var file = File.Create(path);
        await using ITableWriter table = isXlsx ? new XlsxTableWriter(file, "People") : new CsvTableWriter(file);
        await table.WriteHeader([.. Titles.Select(title => new TableColumn(title))], ct);
        var row = new TableCell[Titles.Length];
        for (var i = 0; i < ground.Users; i++)
        {
            row[0] = TableCell.Of(string.Create(CultureInfo.InvariantCulture, $"n{i}@b.io"));
            row[1] = TableCell.Of(i % 2 == 0 ? "Ana" : "Lee");
            row[2] = TableCell.Of(string.Create(CultureInfo.InvariantCulture, $"Ro{i % 997}"));
            row[3] = TableCell.Of(ground.Units[i % ground.Units.Count]);
            row[4] = TableCell.Of(i % 2 == 0 ? "Team 2" : "Team 3; Team 4");
            row[5] = TableCell.Of("A");
            await table.WriteRow(row, ct);
        }

        await table.Complete(ct);
        return path;
    }
}
