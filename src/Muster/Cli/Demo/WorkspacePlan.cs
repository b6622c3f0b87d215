using Muster.Learning;
using Muster.People;

namespace Muster.Cli;

internal sealed record CoursePlan(string Title, string Reference, int? Seats = null, bool IsOpen = true);

internal sealed record RulePlan(string Name, string Description, RuleTargetKind Kind, string[] Targets, string[] Courses);

internal sealed record FieldPlan(string Name, FieldKind Kind, string[]? Choices = null);

/// <summary>A workspace before anybody is in it. Units are paths; a unit stands after the one above it.</summary>
internal sealed record WorkspacePlan(
    string Name,
    string TimeZone,
    string[] Units,
    string[] Groups,
    CoursePlan[] Courses,
    RulePlan[] Rules,
    FieldPlan[] Fields
)
{
    /// <summary>A care provider, the workspace of a first look.</summary>
    public static WorkspacePlan NorthwindCare { get; } =
        new(
            "Northwind Care",
            "Europe/London",
            [
                "Operations",
                "Operations / North Region",
                "Operations / North Region / Alder House",
                "Operations / North Region / Birch Lodge",
                "Operations / South Region",
                "Operations / South Region / Cedar Court",
                "Operations / South Region / Dune View",
                "Support Services",
                "Support Services / Facilities",
                "Support Services / Facilities / Night Team",
                "Support Services / Finance",
                "Support Services / Human Resources",
            ],
            [
                "Agency staff",
                "Apprentices",
                "Care assistants",
                "Data protection champions",
                "Drivers",
                "Fire wardens",
                "First aiders",
                "Kitchen staff",
                "Medication administrators",
                "New starters",
                "Night shift",
                "Registered nurses",
                "Safeguarding leads",
                "Team leaders",
                "Volunteers",
            ],
            [
                new("Cyber security basics", "NWC-110"),
                new("Data protection essentials", "NWC-111"),
                new("Dementia awareness", "NWC-201"),
                new("Driving at work", "NWC-310"),
                new("End of life care", "NWC-204"),
                new("Equality, diversity and inclusion", "NWC-105"),
                new("Fire safety", "NWC-101"),
                new("First aid at work", "NWC-320", Seats: 60),
                new("Food hygiene", "NWC-305"),
                new("Infection prevention and control", "NWC-202"),
                new("Leadership foundations", "NWC-401", Seats: 30),
                new("Lone working", "NWC-106"),
                new("Medication administration", "NWC-210", Seats: 40),
                new("Mental health first aid", "NWC-321", Seats: 24),
                new("Moving and handling", "NWC-203", Seats: 150),
                new("Record keeping", "NWC-107"),
                new("Respirator fit testing 2021", "NWC-902", IsOpen: false),
                new("Safeguarding adults", "NWC-102"),
                new("Safeguarding children", "NWC-103"),
                new("Welcome to Northwind Care", "NWC-100"),
            ],
            [
                new(
                    "Induction",
                    "Everybody who starts here learns the ropes in the first weeks.",
                    RuleTargetKind.Groups,
                    ["New starters", "Apprentices"],
                    ["Welcome to Northwind Care", "Fire safety", "Data protection essentials"]
                ),
                new(
                    "Fire wardens and night shift",
                    "Those who are there when nobody else is.",
                    RuleTargetKind.Groups,
                    ["Fire wardens", "Night shift"],
                    ["Fire safety", "First aid at work", "Lone working"]
                ),
                new(
                    "Mandatory training in the houses",
                    "All units below Operations.",
                    RuleTargetKind.Units,
                    ["Operations"],
                    ["Safeguarding adults", "Infection prevention and control"]
                ),
            ],
            [
                new("Contract", FieldKind.Choice, ["Permanent", "Fixed term", "Bank", "Agency", "Volunteer"]),
                new("Staff number", FieldKind.Text),
            ]
        );

    /// <summary>A second, small workspace of the same site.</summary>
    public static WorkspacePlan HarbourCollege { get; } =
        new(
            "Harbour College",
            "Europe/Dublin",
            ["Teaching", "Teaching / Languages", "Teaching / Sciences", "Administration"],
            ["Exam supervisors", "First-year tutors", "Laboratory users", "Part-time staff"],
            [
                new("Academic integrity", "HC-10"),
                new("Exam supervision", "HC-21"),
                new("Laboratory safety", "HC-30", Seats: 20),
                new("Online teaching", "HC-40"),
                new("Student welfare", "HC-12"),
                new("Voice care for teachers", "HC-44", IsOpen: false),
            ],
            [new("Laboratory access", "Nobody enters unprepared.", RuleTargetKind.Groups, ["Laboratory users"], ["Laboratory safety"])],
            [new("Subject", FieldKind.Text), new("Teaching since", FieldKind.Date)]
        );

    /// <summary>A workspace of any size: five regions of eight sites of five teams.</summary>
    public static WorkspacePlan Large(string name) =>
        new(
            name,
            "Etc/UTC",
            [.. Regions.SelectMany(WithSites)],
            [.. Enumerable.Range(1, 50).Select(n => $"Group {n:00}")],
            [.. Enumerable.Range(1, 40).Select(n => new CoursePlan($"Course {n:00}", $"C-{n:000}", n % 10 == 0 ? 500 : null, n != 37))],
            [
                new(
                    "Joiners",
                    "Group 01 and Group 02 begin with two courses.",
                    RuleTargetKind.Groups,
                    ["Group 01", "Group 02"],
                    ["Course 01", "Course 02"]
                ),
                new("Specialists", "Group 03 takes a course with seats.", RuleTargetKind.Groups, ["Group 03"], ["Course 10"]),
                new("North", "Everybody in the north.", RuleTargetKind.Units, ["North"], ["Course 03"]),
            ],
            [new("Contract", FieldKind.Choice, ["Permanent", "Fixed term", "Temporary"]), new("Staff number", FieldKind.Text)]
        );

    private static readonly string[] Regions = ["Centre", "East", "North", "South", "West"];

    private static IEnumerable<string> WithSites(string region) =>
        [region, .. Enumerable.Range(1, 8).SelectMany(site => WithTeams($"{region} / Site {site}"))];

    private static IEnumerable<string> WithTeams(string site) => [site, .. "ABCDE".Select(team => $"{site} / Team {team}")];
}
