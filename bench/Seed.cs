using Muster.Access;
using Muster.Data;
using Muster.Learning;
using Muster.People;

namespace Muster.Bench;

/// <summary>
/// Fills an empty database with a workspace of any size, the same one every time: 12 units, 15 groups, 20 courses, one active rule, one custom field;
/// nine of ten people Active with an account, one Invited; one group and about one open enrolment each.
/// </summary>
public static class Seed
{
    private const int Batch = 10_000;
    private const string FirstName = "Bench";
    private static readonly DateTime Then = new(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Filled =
    [
        "accounts",
        "profiles",
        "invitations",
        "outbox",
        "memberships",
        "field_values",
        "enrolments",
    ];

    private static readonly string[] Tops = ["Sales", "Care", "Works"];
    private static readonly string[] Below = ["North", "South", "West"];

    /// <summary>The address of a person, counted from 0, who is the Admin.</summary>
    public static string Email(int i, string name = FirstName) => $"person.{i}@{(name == FirstName ? "" : name + ".")}example.org";

    /// <summary>Adds a workspace; the name tells its people from those of another. PostgreSQL's statistics are made anew unless another follows.</summary>
    public static async Task<Ground> Fill(MusterDb db, int users, CancellationToken ct, string name = FirstName, bool analyse = true)
    {
        ArgumentNullException.ThrowIfNull(db);
        await Schema.Migrate(db, ct);
        var workspace = await db.Reserve(IdBlock.Site, 1, ct);
        db.WorkspaceId = workspace;
        db.Workspaces.Add(
            new Workspace
            {
                Id = workspace,
                Name = name,
                CreatedAt = Then,
            }
        );
        await db.SaveChangesAsync(ct);
        var units = await AddUnits(db, workspace, ct);
        var groups = await AddGroups(db, workspace, ct);
        var courses = await AddCourses(db, workspace, groups[0], ct);
        var field = await AddField(db, workspace, ct);
        db.ChangeTracker.Clear();

        var firstProfile = await db.Reserve(workspace, users, ct);
        var firstAccount = await db.Reserve(IdBlock.Site, users, ct);
        var people = new PeopleOf(name, workspace, firstProfile, firstAccount, [.. units.Select(u => u.Id)], groups, courses, field);
        for (var done = 0; done < users; done += Batch)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await people.Insert(db, done, Math.Min(Batch, users - done), ct);
            await transaction.CommitAsync(ct);
        }

        await db.SaveChangesAsync(ct);
        foreach (var table in analyse ? Filled : [])
        {
            await db.Analyse(table, ct);
        }

        return new(workspace, firstAccount, users, groups, courses, [.. units.Select(u => u.Path)]);
    }

    private static async Task<List<OrganisationUnit>> AddUnits(MusterDb db, long workspace, CancellationToken ct)
    {
        var id = await db.Reserve(workspace, Tops.Length * (1 + Below.Length), ct);
        var units = new List<OrganisationUnit>();
        foreach (var top in Tops)
        {
            var parent = Unit(workspace, id++, null, top);
            units.Add(parent);
            db.UnitAncestors.Add(Ancestor(parent, parent));
            foreach (var below in Below)
            {
                var child = Unit(workspace, id++, parent, below);
                units.Add(child);
                db.UnitAncestors.AddRange(Ancestor(child, child), Ancestor(parent, child));
            }
        }

        db.Units.AddRange(units);
        await db.SaveChangesAsync(ct);
        return units;
    }

    private static OrganisationUnit Unit(long workspace, long id, OrganisationUnit? parent, string name)
    {
        var path = parent is null ? name : parent.Path + OrganisationUnit.Separator + name;
        return new()
        {
            WorkspaceId = workspace,
            Id = id,
            ParentId = parent?.Id,
            Name = name,
            Path = path,
            PathKey = Names.Fold(path),
            Tier = parent is null ? 1 : 2,
        };
    }

    private static UnitAncestor Ancestor(OrganisationUnit above, OrganisationUnit unit) =>
        new()
        {
            WorkspaceId = unit.WorkspaceId,
            AncestorId = above.Id,
            UnitId = unit.Id,
        };

    private static async Task<List<long>> AddGroups(MusterDb db, long workspace, CancellationToken ct)
    {
        var first = await db.Reserve(workspace, 15, ct);
        db.Groups.AddRange(
            Enumerable
                .Range(0, 15)
                .Select(i => new Group
                {
                    WorkspaceId = workspace,
                    Id = first + i,
                    Name = $"Team {i}",
                    NameKey = $"team {i}",
                })
        );
        await db.SaveChangesAsync(ct);
        return [.. Enumerable.Range(0, 15).Select(i => first + i)];
    }

    private static async Task<List<long>> AddCourses(MusterDb db, long workspace, long group, CancellationToken ct)
    {
        var first = await db.Reserve(workspace, 21, ct);
        db.Courses.AddRange(
            Enumerable
                .Range(0, 20)
                .Select(i => new Course
                {
                    WorkspaceId = workspace,
                    Id = first + i,
                    Title = $"Course {i}",
                })
        );
        var rule = first + 20;
        db.Rules.Add(
            new AutoEnrolmentRule
            {
                WorkspaceId = workspace,
                Id = rule,
                Name = "Team 0 takes course 0",
                TargetKind = RuleTargetKind.Groups,
            }
        );
        await db.SaveChangesAsync(ct);
        db.RuleTargets.Add(
            new RuleTarget
            {
                WorkspaceId = workspace,
                RuleId = rule,
                TargetId = group,
            }
        );
        db.RuleCourses.Add(
            new RuleCourse
            {
                WorkspaceId = workspace,
                RuleId = rule,
                CourseId = first,
            }
        );
        await db.SaveChangesAsync(ct);
        return [.. Enumerable.Range(0, 20).Select(i => first + i)];
    }

    private static async Task<long> AddField(MusterDb db, long workspace, CancellationToken ct)
    {
        var id = await db.Reserve(workspace, 1, ct);
        db.Fields.Add(
            new CustomField
            {
                WorkspaceId = workspace,
                Id = id,
                Name = Ground.Field,
                NameKey = Names.Fold(Ground.Field),
                Kind = FieldKind.Text,
            }
        );
        await db.SaveChangesAsync(ct);
        return id;
    }

    /// <summary>Makes the rows of the people, by arithmetic on their number.</summary>
    private sealed class PeopleOf(
        string name,
        long workspace,
        long firstProfile,
        long firstAccount,
        List<long> units,
        List<long> groups,
        List<long> courses,
        long field
    )
    {
        private static readonly string[] Firsts =
        [
            .. "Ada,Amir,Anna,Aylin,Ben,Chloé,Daniel,Elif,Emma,Femi,Grace,Hana,Igor,Ines,Jack,José,Karim,Lea,Liam,Mei,Mia,Noor,Olga,Omar,Paul,Priya,Rosa,Sam,Sofia,Tariq,Uma,Vera,Wei,Yara,Zoë".Split(
                ','
            ),
        ];

        private static readonly string[] Starts =
        [
            .. "Ab,Ber,Cal,Dor,El,Fen,Gar,Hol,Il,Jan,Kel,Lor,Mar,Nor,Ol,Per,Quin,Ros,Sal,Tor,Ul,Var,Wil,Yor,Zan".Split(','),
        ];

        private static readonly string[] Ends =
        [
            .. "ton,man,sen,ley,ford,berg,ski,well,dale,stone,wood,field,ridge,mann,oğlu,ez,ova,ard,ini,ström,by,worth,haven,er,quist".Split(
                ','
            ),
        ];

        public async Task Insert(MusterDb db, int from, int count, CancellationToken ct)
        {
            var all = Enumerable.Range(from, count).ToList();
            await db.BulkInsert([.. all.Where(i => !IsInvited(i)).Select(AccountOf)], ct);
            await db.BulkInsert([.. all.Select(ProfileOf)], ct);
            await db.BulkInsert([.. all.Where(IsInvited).Select(InvitationOf)], ct);
            await db.BulkInsert([.. all.Where(i => i % 100 == 9).Select(MessageOf)], ct);
            await db.BulkInsert([.. all.Select(MembershipOf)], ct);
            await db.BulkInsert([.. all.Select(ValueOf)], ct);
            await db.BulkInsert([.. all.SelectMany(EnrolmentsOf)], ct);
        }

        private static bool IsInvited(int i) => i % 10 == 9;

        /// <summary>Names have nothing to do with units, groups and courses, as in life; what has to, would stand together in the list.</summary>
        private static int Mixed(int i, uint factor) => (int)(((uint)i + 1) * factor >> 9);

        private static string First(int i) => Firsts[Mixed(i, 2_654_435_761) % Firsts.Length];

        private static string Last(int i) => Starts[Mixed(i, 2_246_822_519) % Starts.Length] + Ends[Mixed(i, 3_266_489_917) % Ends.Length];

        private string Email(int i) => Seed.Email(i, name);

        private Account AccountOf(int i) =>
            new()
            {
                Id = firstAccount + i,
                UserName = Email(i),
                NormalizedUserName = Email(i),
                Email = Email(i),
                NormalizedEmail = Email(i),
                EmailConfirmed = true,
                FirstName = First(i),
                LastName = Last(i),
                SecurityStamp = "seeded",
                ConcurrencyStamp = "seeded",
                CreatedAt = Then,
            };

        private Profile ProfileOf(int i) =>
            new()
            {
                WorkspaceId = workspace,
                Id = firstProfile + i,
                AccountId = IsInvited(i) ? null : firstAccount + i,
                Email = Email(i),
                EmailKey = Email(i),
                FirstName = First(i),
                LastName = Last(i),
                SortName = Names.SortKey(First(i), Last(i)),
                SearchText = Names.SearchText(First(i), Last(i), Email(i)),
                Role = i == 0 ? ProfileRole.Admin : ProfileRole.Learner,
                UnitId = units[i % units.Count],
                Status = IsInvited(i) ? ProfileStatus.Invited : ProfileStatus.Active,
                InvitedAt = Then,
                RegisteredAt = IsInvited(i) ? null : Then.AddDays(1),
                LastActiveAt = IsInvited(i) ? null : Then.AddDays(i % 100),
            };

        private Invitation InvitationOf(int i) =>
            new()
            {
                WorkspaceId = workspace,
                ProfileId = firstProfile + i,
                TokenHash = $"{workspace:x8}{i:x56}",
                SentCount = 1,
                LastSentAt = Then,
                ExpiresAt = Then.AddDays(3000),
            };

        private Mail.OutboxMessage MessageOf(int i) =>
            new()
            {
                WorkspaceId = workspace,
                OperationId = 1,
                ProfileId = firstProfile + i,
                Purpose = Mail.MessagePurpose.Invitation,
                Secret = "seeded",
                Status = Mail.MessageStatus.Waiting,
                CreatedAt = Then,
                DueAt = Then,
            };

        private Membership MembershipOf(int i) =>
            new()
            {
                WorkspaceId = workspace,
                ProfileId = firstProfile + i,
                GroupId = groups[2 + (i % (groups.Count - 2))],
                AddedAt = Then,
            };

        private FieldValue ValueOf(int i) =>
            new()
            {
                WorkspaceId = workspace,
                ProfileId = firstProfile + i,
                FieldId = field,
                Text = $"Site {i % 40}",
            };

        private IEnumerable<Enrolment> EnrolmentsOf(int i)
        {
            yield return EnrolmentOf(
                i,
                courses[1 + (i % (courses.Count - 1))],
                i % 3 == 0 ? EnrolmentStatus.InProgress : EnrolmentStatus.NotStarted
            );
            if (i % 10 == 3)
            {
                yield return EnrolmentOf(i, courses[0], EnrolmentStatus.Completed);
            }
            else if (i % 20 == 5)
            {
                yield return EnrolmentOf(i, courses[0], EnrolmentStatus.NotStarted);
            }
        }

        private Enrolment EnrolmentOf(int i, long course, EnrolmentStatus status) =>
            new()
            {
                WorkspaceId = workspace,
                ProfileId = firstProfile + i,
                CourseId = course,
                Attempt = 1,
                Status = status,
                StartsOn = new DateOnly(2026, 1, 5),
                CreatedAt = Then,
                StartedAt = status == EnrolmentStatus.NotStarted ? null : Then.AddDays(2),
                CompletedAt = status == EnrolmentStatus.Completed ? Then.AddDays(3) : null,
            };
    }
}
