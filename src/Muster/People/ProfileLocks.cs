using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.People;

/// <summary>Locks people before they are changed by hand, in id order like every chunk, after courses and before anything else. SQLite's one writer needs no lock.</summary>
internal static class ProfileLocks
{
    /// <summary>One person.</summary>
    public static Task One(MusterDb db, long workspaceId, long profileId, CancellationToken ct) =>
        db.IsSqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync(
                $"SELECT 1 FROM profiles WHERE workspace_id = {workspaceId} AND id = {profileId} FOR NO KEY UPDATE",
                ct
            );

    /// <summary>One person and every Admin: of two Admins who take the role from each other at once, the second waits and is told that they are the last.</summary>
    public static Task WithAdmins(MusterDb db, long workspaceId, long profileId, CancellationToken ct) =>
        db.IsSqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync(
                $"SELECT 1 FROM profiles WHERE workspace_id = {workspaceId} AND (id = {profileId} OR role = {(int)ProfileRole.Admin}) ORDER BY id FOR NO KEY UPDATE",
                ct
            );

    /// <summary>Everybody in a unit.</summary>
    public static Task OfUnit(MusterDb db, long workspaceId, long unitId, CancellationToken ct) =>
        db.IsSqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync(
                $"SELECT count(*) FROM (SELECT 1 FROM profiles WHERE workspace_id = {workspaceId} AND unit_id = {unitId} ORDER BY id FOR NO KEY UPDATE) AS locked",
                ct
            );
}
