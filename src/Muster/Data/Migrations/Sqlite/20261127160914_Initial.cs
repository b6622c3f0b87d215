using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Muster.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    is_site_admin = table.Column<bool>(type: "INTEGER", nullable: false),
                    first_name = table.Column<string>(type: "TEXT", nullable: false),
                    last_name = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    user_name = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    normalized_user_name = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    email = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    normalized_email = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    email_confirmed = table.Column<bool>(type: "INTEGER", nullable: false),
                    password_hash = table.Column<string>(type: "TEXT", nullable: true),
                    security_stamp = table.Column<string>(type: "TEXT", nullable: true),
                    concurrency_stamp = table.Column<string>(type: "TEXT", nullable: true),
                    phone_number = table.Column<string>(type: "TEXT", nullable: true),
                    phone_number_confirmed = table.Column<bool>(type: "INTEGER", nullable: false),
                    two_factor_enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    lockout_end = table.Column<DateTimeOffset>(type: "TEXT", nullable: true),
                    lockout_enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    access_failed_count = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_tokens",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    token_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    role = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_by_account_id = table.Column<long>(type: "INTEGER", nullable: true),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: true),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_used_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_tokens", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    account_id = table.Column<long>(type: "INTEGER", nullable: true),
                    token_id = table.Column<long>(type: "INTEGER", nullable: true),
                    address = table.Column<string>(type: "TEXT", nullable: true),
                    @event = table.Column<string>(name: "event", type: "TEXT", maxLength: 50, nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: true),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: true),
                    details = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "courses",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    external_reference = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    is_open = table.Column<bool>(type: "INTEGER", nullable: false),
                    seats = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_courses", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    friendly_name = table.Column<string>(type: "TEXT", nullable: true),
                    xml = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "fields",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    name_key = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    is_required = table.Column<bool>(type: "INTEGER", nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    choices = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_fields", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "groups",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    name_key = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_groups", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "id_blocks",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    next = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_id_blocks", x => x.workspace_id);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    request_hash = table.Column<string>(type: "TEXT", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    answer = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.workspace_id, x.key });
                });

            migrationBuilder.CreateTable(
                name: "invitation_row_groups",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    group_id = table.Column<long>(type: "INTEGER", nullable: false),
                    added_at = table.Column<long>(type: "INTEGER", nullable: true),
                    added_by_operation_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitation_row_groups", x => new { x.workspace_id, x.operation_id, x.ordinal, x.group_id });
                });

            migrationBuilder.CreateTable(
                name: "invitation_row_units",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    unit_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitation_row_units", x => new { x.workspace_id, x.operation_id, x.ordinal, x.unit_id });
                });

            migrationBuilder.CreateTable(
                name: "invitation_row_values",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    field_id = table.Column<long>(type: "INTEGER", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: true),
                    number = table.Column<decimal>(type: "TEXT", nullable: true),
                    date = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    yes_no = table.Column<bool>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitation_row_values", x => new { x.workspace_id, x.operation_id, x.ordinal, x.field_id });
                });

            migrationBuilder.CreateTable(
                name: "invitation_rows",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    email = table.Column<string>(type: "TEXT", nullable: false),
                    email_key = table.Column<string>(type: "TEXT", nullable: false),
                    first_name = table.Column<string>(type: "TEXT", nullable: false),
                    last_name = table.Column<string>(type: "TEXT", nullable: false),
                    sort_name = table.Column<string>(type: "TEXT", nullable: false),
                    search_text = table.Column<string>(type: "TEXT", nullable: false),
                    role = table.Column<int>(type: "INTEGER", nullable: false),
                    unit_id = table.Column<long>(type: "INTEGER", nullable: true),
                    expires_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    invited_at = table.Column<long>(type: "INTEGER", nullable: true),
                    profile_operation_id = table.Column<long>(type: "INTEGER", nullable: true),
                    sent_count = table.Column<int>(type: "INTEGER", nullable: true),
                    token_hash = table.Column<string>(type: "TEXT", nullable: true),
                    last_sent_at = table.Column<long>(type: "INTEGER", nullable: true),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: true),
                    cancelled_at = table.Column<long>(type: "INTEGER", nullable: true),
                    invitation_operation_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitation_rows", x => new { x.workspace_id, x.operation_id, x.ordinal });
                });

            migrationBuilder.CreateTable(
                name: "letter_texts",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    purpose = table.Column<int>(type: "INTEGER", nullable: false),
                    subject = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    body = table.Column<string>(type: "TEXT", maxLength: 5000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_letter_texts", x => new { x.workspace_id, x.purpose });
                });

            migrationBuilder.CreateTable(
                name: "mended_rows",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    row_number = table.Column<int>(type: "INTEGER", nullable: false),
                    cells = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mended_rows", x => new { x.workspace_id, x.operation_id, x.row_number });
                });

            migrationBuilder.CreateTable(
                name: "operation_files",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    content = table.Column<byte[]>(type: "BLOB", nullable: false),
                    headers = table.Column<string>(type: "TEXT", nullable: true),
                    warnings = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_files", x => new { x.workspace_id, x.operation_id });
                });

            migrationBuilder.CreateTable(
                name: "operation_items",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    position = table.Column<long>(type: "INTEGER", nullable: false),
                    target_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    verdict = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 50, nullable: true),
                    outcome = table.Column<int>(type: "INTEGER", nullable: false),
                    outcome_reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    before = table.Column<string>(type: "TEXT", nullable: true),
                    after = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_items", x => new { x.workspace_id, x.operation_id, x.position, x.target_id });
                });

            migrationBuilder.CreateTable(
                name: "operation_rows",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    row_number = table.Column<int>(type: "INTEGER", nullable: false),
                    email_key = table.Column<string>(type: "TEXT", nullable: true),
                    cells = table.Column<string>(type: "TEXT", nullable: false),
                    problems = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_rows", x => new { x.workspace_id, x.operation_id, x.ordinal });
                });

            migrationBuilder.CreateTable(
                name: "operation_users",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    position = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    problem = table.Column<string>(type: "TEXT", maxLength: 50, nullable: true),
                    was_to_change = table.Column<bool>(type: "INTEGER", nullable: false, defaultValue: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_users", x => new { x.workspace_id, x.operation_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "operations",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    action = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    parameters = table.Column<string>(type: "TEXT", nullable: false),
                    selection = table.Column<string>(type: "TEXT", nullable: true),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    preview_phase = table.Column<int>(type: "INTEGER", nullable: false),
                    cursor = table.Column<long>(type: "INTEGER", nullable: false),
                    judged = table.Column<long>(type: "INTEGER", nullable: false),
                    in_list_order = table.Column<bool>(type: "INTEGER", nullable: false),
                    place_id = table.Column<long>(type: "INTEGER", nullable: false),
                    last_ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    day = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    last_position = table.Column<long>(type: "INTEGER", nullable: false),
                    first_new_id = table.Column<long>(type: "INTEGER", nullable: false),
                    selected = table.Column<long>(type: "INTEGER", nullable: false),
                    will_change = table.Column<long>(type: "INTEGER", nullable: false),
                    skipped = table.Column<long>(type: "INTEGER", nullable: false),
                    problems = table.Column<long>(type: "INTEGER", nullable: false),
                    changed = table.Column<long>(type: "INTEGER", nullable: false),
                    failed = table.Column<long>(type: "INTEGER", nullable: false),
                    left_alone = table.Column<long>(type: "INTEGER", nullable: false),
                    items_will_change = table.Column<long>(type: "INTEGER", nullable: false),
                    items_skipped = table.Column<long>(type: "INTEGER", nullable: false),
                    items_problems = table.Column<long>(type: "INTEGER", nullable: false),
                    items_changed = table.Column<long>(type: "INTEGER", nullable: false),
                    items_failed = table.Column<long>(type: "INTEGER", nullable: false),
                    items_left_alone = table.Column<long>(type: "INTEGER", nullable: false),
                    items_explained = table.Column<long>(type: "INTEGER", nullable: false),
                    effects = table.Column<string>(type: "TEXT", nullable: true),
                    warnings = table.Column<string>(type: "TEXT", nullable: true),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    account_id = table.Column<long>(type: "INTEGER", nullable: true),
                    token_id = table.Column<long>(type: "INTEGER", nullable: true),
                    source = table.Column<int>(type: "INTEGER", nullable: false),
                    address = table.Column<string>(type: "TEXT", nullable: true),
                    schedule_id = table.Column<long>(type: "INTEGER", nullable: true),
                    largest_run = table.Column<long>(type: "INTEGER", nullable: true),
                    undo_of = table.Column<long>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    previewed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    confirmed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    confirmed_by_account_id = table.Column<long>(type: "INTEGER", nullable: true),
                    confirmed_by_token_id = table.Column<long>(type: "INTEGER", nullable: true),
                    all_or_nothing = table.Column<bool>(type: "INTEGER", nullable: false),
                    run_at = table.Column<long>(type: "INTEGER", nullable: true),
                    review = table.Column<string>(type: "TEXT", nullable: true),
                    approved_at = table.Column<long>(type: "INTEGER", nullable: true),
                    approved_by_account_id = table.Column<long>(type: "INTEGER", nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    served_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operations", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    purpose = table.Column<int>(type: "INTEGER", nullable: false),
                    secret = table.Column<string>(type: "TEXT", nullable: true),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    claimed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    sent_at = table.Column<long>(type: "INTEGER", nullable: true),
                    error = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => new { x.workspace_id, x.operation_id, x.profile_id, x.purpose });
                });

            migrationBuilder.CreateTable(
                name: "removed_memberships",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    group_id = table.Column<long>(type: "INTEGER", nullable: false),
                    added_at = table.Column<long>(type: "INTEGER", nullable: false),
                    added_by_operation_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_removed_memberships", x => new { x.workspace_id, x.operation_id, x.profile_id, x.group_id });
                });

            migrationBuilder.CreateTable(
                name: "rules",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    description = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    is_active = table.Column<bool>(type: "INTEGER", nullable: false),
                    target_kind = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rules", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "schedules",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    action = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    parameters = table.Column<string>(type: "TEXT", nullable: false),
                    selection = table.Column<string>(type: "TEXT", nullable: false),
                    cron = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    is_active = table.Column<bool>(type: "INTEGER", nullable: false),
                    largest_run = table.Column<long>(type: "INTEGER", nullable: false),
                    next_at = table.Column<long>(type: "INTEGER", nullable: true),
                    account_id = table.Column<long>(type: "INTEGER", nullable: true),
                    token_id = table.Column<long>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schedules", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "units",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    parent_id = table.Column<long>(type: "INTEGER", nullable: true),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    path = table.Column<string>(type: "TEXT", nullable: false),
                    path_key = table.Column<string>(type: "TEXT", nullable: false),
                    tier = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_units", x => new { x.workspace_id, x.id });
                    table.ForeignKey(
                        name: "fk_units_units_workspace_id_parent_id",
                        columns: x => new { x.workspace_id, x.parent_id },
                        principalTable: "units",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "unticked_users",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    who = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_unticked_users", x => new { x.workspace_id, x.operation_id, x.who });
                });

            migrationBuilder.CreateTable(
                name: "workspace_leases",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: true),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: true),
                    served_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workspace_leases", x => x.workspace_id);
                });

            migrationBuilder.CreateTable(
                name: "workspaces",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    time_zone = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    threshold_users = table.Column<int>(type: "INTEGER", nullable: false),
                    threshold_percent = table.Column<int>(type: "INTEGER", nullable: false),
                    threshold_minimum = table.Column<int>(type: "INTEGER", nullable: false),
                    invitation_days = table.Column<int>(type: "INTEGER", nullable: false),
                    resend_minutes = table.Column<int>(type: "INTEGER", nullable: false),
                    retention_days = table.Column<int>(type: "INTEGER", nullable: false),
                    approval_from = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    mail_held_before = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workspaces", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "account_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    user_id = table.Column<long>(type: "INTEGER", nullable: false),
                    claim_type = table.Column<string>(type: "TEXT", nullable: true),
                    claim_value = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_claims", x => x.id);
                    table.ForeignKey(
                        name: "fk_account_claims_accounts_user_id",
                        column: x => x.user_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "account_logins",
                columns: table => new
                {
                    login_provider = table.Column<string>(type: "TEXT", nullable: false),
                    provider_key = table.Column<string>(type: "TEXT", nullable: false),
                    provider_display_name = table.Column<string>(type: "TEXT", nullable: true),
                    user_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_logins", x => new { x.login_provider, x.provider_key });
                    table.ForeignKey(
                        name: "fk_account_logins_accounts_user_id",
                        column: x => x.user_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "account_tokens",
                columns: table => new
                {
                    user_id = table.Column<long>(type: "INTEGER", nullable: false),
                    login_provider = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_tokens", x => new { x.user_id, x.login_provider, x.name });
                    table.ForeignKey(
                        name: "fk_account_tokens_accounts_user_id",
                        column: x => x.user_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "rule_courses",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    rule_id = table.Column<long>(type: "INTEGER", nullable: false),
                    course_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rule_courses", x => new { x.workspace_id, x.rule_id, x.course_id });
                    table.ForeignKey(
                        name: "fk_rule_courses_courses_workspace_id_course_id",
                        columns: x => new { x.workspace_id, x.course_id },
                        principalTable: "courses",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_rule_courses_rules_workspace_id_rule_id",
                        columns: x => new { x.workspace_id, x.rule_id },
                        principalTable: "rules",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "rule_targets",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    rule_id = table.Column<long>(type: "INTEGER", nullable: false),
                    target_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rule_targets", x => new { x.workspace_id, x.rule_id, x.target_id });
                    table.ForeignKey(
                        name: "fk_rule_targets_rules_workspace_id_rule_id",
                        columns: x => new { x.workspace_id, x.rule_id },
                        principalTable: "rules",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "profiles",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    account_id = table.Column<long>(type: "INTEGER", nullable: true),
                    email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    email_key = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    first_name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    last_name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    sort_name = table.Column<string>(type: "TEXT", nullable: false),
                    search_text = table.Column<string>(type: "TEXT", nullable: false),
                    role = table.Column<int>(type: "INTEGER", nullable: false),
                    unit_id = table.Column<long>(type: "INTEGER", nullable: true),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    invited_at = table.Column<long>(type: "INTEGER", nullable: true),
                    registered_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_active_at = table.Column<long>(type: "INTEGER", nullable: true),
                    expires_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_profiles", x => new { x.workspace_id, x.id });
                    table.ForeignKey(
                        name: "fk_profiles_units_workspace_id_unit_id",
                        columns: x => new { x.workspace_id, x.unit_id },
                        principalTable: "units",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "unit_ancestors",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ancestor_id = table.Column<long>(type: "INTEGER", nullable: false),
                    unit_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_unit_ancestors", x => new { x.workspace_id, x.ancestor_id, x.unit_id });
                    table.ForeignKey(
                        name: "fk_unit_ancestors_units_workspace_id_unit_id",
                        columns: x => new { x.workspace_id, x.unit_id },
                        principalTable: "units",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "enrolments",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    course_id = table.Column<long>(type: "INTEGER", nullable: false),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    starts_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    expires_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    completed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    withdrawn_at = table.Column<long>(type: "INTEGER", nullable: true),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: true),
                    rule_id = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_by_operation_id = table.Column<long>(type: "INTEGER", nullable: true),
                    status_before_end = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_enrolments", x => new { x.workspace_id, x.profile_id, x.course_id, x.attempt });
                    table.ForeignKey(
                        name: "fk_enrolments_courses_workspace_id_course_id",
                        columns: x => new { x.workspace_id, x.course_id },
                        principalTable: "courses",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_enrolments_profiles_workspace_id_profile_id",
                        columns: x => new { x.workspace_id, x.profile_id },
                        principalTable: "profiles",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "field_values",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    field_id = table.Column<long>(type: "INTEGER", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: true),
                    text_key = table.Column<string>(type: "TEXT", nullable: true, computedColumnSql: "lower(text)", stored: false),
                    number = table.Column<decimal>(type: "TEXT", nullable: true),
                    date = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    yes_no = table.Column<bool>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_field_values", x => new { x.workspace_id, x.profile_id, x.field_id });
                    table.ForeignKey(
                        name: "fk_field_values_fields_workspace_id_field_id",
                        columns: x => new { x.workspace_id, x.field_id },
                        principalTable: "fields",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_field_values_profiles_workspace_id_profile_id",
                        columns: x => new { x.workspace_id, x.profile_id },
                        principalTable: "profiles",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    token_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    sent_count = table.Column<int>(type: "INTEGER", nullable: false),
                    last_sent_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    accepted_at = table.Column<long>(type: "INTEGER", nullable: true),
                    cancelled_at = table.Column<long>(type: "INTEGER", nullable: true),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => new { x.workspace_id, x.profile_id });
                    table.ForeignKey(
                        name: "fk_invitations_profiles_workspace_id_profile_id",
                        columns: x => new { x.workspace_id, x.profile_id },
                        principalTable: "profiles",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "managed_units",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    unit_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_managed_units", x => new { x.workspace_id, x.profile_id, x.unit_id });
                    table.ForeignKey(
                        name: "fk_managed_units_profiles_workspace_id_profile_id",
                        columns: x => new { x.workspace_id, x.profile_id },
                        principalTable: "profiles",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_managed_units_units_workspace_id_unit_id",
                        columns: x => new { x.workspace_id, x.unit_id },
                        principalTable: "units",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "memberships",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "INTEGER", nullable: false),
                    profile_id = table.Column<long>(type: "INTEGER", nullable: false),
                    group_id = table.Column<long>(type: "INTEGER", nullable: false),
                    added_at = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_memberships", x => new { x.workspace_id, x.profile_id, x.group_id });
                    table.ForeignKey(
                        name: "fk_memberships_groups_workspace_id_group_id",
                        columns: x => new { x.workspace_id, x.group_id },
                        principalTable: "groups",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_memberships_profiles_workspace_id_profile_id",
                        columns: x => new { x.workspace_id, x.profile_id },
                        principalTable: "profiles",
                        principalColumns: new[] { "workspace_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_account_claims_user_id",
                table: "account_claims",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_account_logins_user_id",
                table: "account_logins",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_is_site_admin",
                table: "accounts",
                column: "is_site_admin",
                filter: "is_site_admin");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_normalized_email",
                table: "accounts",
                column: "normalized_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_accounts_normalized_user_name",
                table: "accounts",
                column: "normalized_user_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_tokens_workspace_id_token_hash",
                table: "api_tokens",
                columns: new[] { "workspace_id", "token_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_audit_workspace_id_operation_id_id",
                table: "audit",
                columns: new[] { "workspace_id", "operation_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_enrolments_course_id_workspace_id_status_profile_id_attempt_starts_on_expires_on",
                table: "enrolments",
                columns: new[] { "course_id", "workspace_id", "status", "profile_id", "attempt", "starts_on", "expires_on" });

            migrationBuilder.CreateIndex(
                name: "ix_enrolments_workspace_id_course_id_expires_on_status",
                table: "enrolments",
                columns: new[] { "workspace_id", "course_id", "expires_on", "status" },
                filter: "status < 3 AND expires_on IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_enrolments_workspace_id_course_id_profile_id",
                table: "enrolments",
                columns: new[] { "workspace_id", "course_id", "profile_id" },
                unique: true,
                filter: "status < 3");

            migrationBuilder.CreateIndex(
                name: "ix_field_values_workspace_id_field_id_text_key_profile_id",
                table: "field_values",
                columns: new[] { "workspace_id", "field_id", "text_key", "profile_id" });

            migrationBuilder.CreateIndex(
                name: "ix_fields_workspace_id_name_key",
                table: "fields",
                columns: new[] { "workspace_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_groups_workspace_id_name_key",
                table: "groups",
                columns: new[] { "workspace_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_managed_units_workspace_id_unit_id",
                table: "managed_units",
                columns: new[] { "workspace_id", "unit_id" });

            migrationBuilder.CreateIndex(
                name: "ix_memberships_workspace_id_group_id_profile_id",
                table: "memberships",
                columns: new[] { "workspace_id", "group_id", "profile_id" });

            migrationBuilder.CreateIndex(
                name: "ix_operation_items_workspace_id_operation_id_ordinal_target_id",
                table: "operation_items",
                columns: new[] { "workspace_id", "operation_id", "ordinal", "target_id" });

            migrationBuilder.CreateIndex(
                name: "ix_operation_items_workspace_id_operation_id_verdict_reason_ordinal_target_id",
                table: "operation_items",
                columns: new[] { "workspace_id", "operation_id", "verdict", "reason", "ordinal", "target_id" },
                filter: "verdict <> 0");

            migrationBuilder.CreateIndex(
                name: "ix_operation_rows_workspace_id_operation_id_email_key_ordinal",
                table: "operation_rows",
                columns: new[] { "workspace_id", "operation_id", "email_key", "ordinal" });

            migrationBuilder.CreateIndex(
                name: "ix_operation_users_workspace_id_profile_id_operation_id_position",
                table: "operation_users",
                columns: new[] { "workspace_id", "profile_id", "operation_id", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_operations_workspace_id_status",
                table: "operations",
                columns: new[] { "workspace_id", "status" },
                filter: "status IN (1, 3, 4, 9)");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_workspace_id_claimed_at",
                table: "outbox",
                columns: new[] { "workspace_id", "claimed_at" },
                filter: "claimed_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_workspace_id_due_at",
                table: "outbox",
                columns: new[] { "workspace_id", "due_at" },
                filter: "status = 0");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_workspace_id_profile_id",
                table: "outbox",
                columns: new[] { "workspace_id", "profile_id" });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_workspace_id_status_operation_id_profile_id",
                table: "outbox",
                columns: new[] { "workspace_id", "status", "operation_id", "profile_id" },
                filter: "status <> 1");

            migrationBuilder.CreateIndex(
                name: "ix_profiles_account_id",
                table: "profiles",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_profiles_cancelled",
                table: "profiles",
                columns: new[] { "workspace_id", "sort_name", "id" },
                filter: "status = 3");

            migrationBuilder.CreateIndex(
                name: "ix_profiles_gone",
                table: "profiles",
                columns: new[] { "workspace_id", "sort_name", "id" },
                filter: "status >= 2");

            migrationBuilder.CreateIndex(
                name: "ix_profiles_invited",
                table: "profiles",
                columns: new[] { "workspace_id", "sort_name", "id" },
                filter: "status = 0");

            migrationBuilder.CreateIndex(
                name: "ix_profiles_present",
                table: "profiles",
                columns: new[] { "workspace_id", "sort_name", "id" },
                filter: "status < 2");

            migrationBuilder.CreateIndex(
                name: "ix_profiles_workspace_id_account_id",
                table: "profiles",
                columns: new[] { "workspace_id", "account_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_profiles_workspace_id_email_key",
                table: "profiles",
                columns: new[] { "workspace_id", "email_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_profiles_workspace_id_expires_on",
                table: "profiles",
                columns: new[] { "workspace_id", "expires_on" },
                filter: "expires_on IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_profiles_workspace_id_role_sort_name_id",
                table: "profiles",
                columns: new[] { "workspace_id", "role", "sort_name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_profiles_workspace_id_sort_name_id",
                table: "profiles",
                columns: new[] { "workspace_id", "sort_name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_profiles_workspace_id_unit_id_sort_name_id",
                table: "profiles",
                columns: new[] { "workspace_id", "unit_id", "sort_name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_rule_courses_workspace_id_course_id",
                table: "rule_courses",
                columns: new[] { "workspace_id", "course_id" });

            migrationBuilder.CreateIndex(
                name: "ix_schedules_next_at",
                table: "schedules",
                column: "next_at",
                filter: "next_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_unit_ancestors_workspace_id_unit_id",
                table: "unit_ancestors",
                columns: new[] { "workspace_id", "unit_id" });

            migrationBuilder.CreateIndex(
                name: "ix_units_workspace_id_parent_id",
                table: "units",
                columns: new[] { "workspace_id", "parent_id" });

            migrationBuilder.CreateIndex(
                name: "ix_units_workspace_id_path_key",
                table: "units",
                columns: new[] { "workspace_id", "path_key" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "account_claims");

            migrationBuilder.DropTable(
                name: "account_logins");

            migrationBuilder.DropTable(
                name: "account_tokens");

            migrationBuilder.DropTable(
                name: "api_tokens");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "enrolments");

            migrationBuilder.DropTable(
                name: "field_values");

            migrationBuilder.DropTable(
                name: "id_blocks");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "invitation_row_groups");

            migrationBuilder.DropTable(
                name: "invitation_row_units");

            migrationBuilder.DropTable(
                name: "invitation_row_values");

            migrationBuilder.DropTable(
                name: "invitation_rows");

            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "letter_texts");

            migrationBuilder.DropTable(
                name: "managed_units");

            migrationBuilder.DropTable(
                name: "memberships");

            migrationBuilder.DropTable(
                name: "mended_rows");

            migrationBuilder.DropTable(
                name: "operation_files");

            migrationBuilder.DropTable(
                name: "operation_items");

            migrationBuilder.DropTable(
                name: "operation_rows");

            migrationBuilder.DropTable(
                name: "operation_users");

            migrationBuilder.DropTable(
                name: "operations");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "removed_memberships");

            migrationBuilder.DropTable(
                name: "rule_courses");

            migrationBuilder.DropTable(
                name: "rule_targets");

            migrationBuilder.DropTable(
                name: "schedules");

            migrationBuilder.DropTable(
                name: "unit_ancestors");

            migrationBuilder.DropTable(
                name: "unticked_users");

            migrationBuilder.DropTable(
                name: "workspace_leases");

            migrationBuilder.DropTable(
                name: "workspaces");

            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "fields");

            migrationBuilder.DropTable(
                name: "groups");

            migrationBuilder.DropTable(
                name: "profiles");

            migrationBuilder.DropTable(
                name: "courses");

            migrationBuilder.DropTable(
                name: "rules");

            migrationBuilder.DropTable(
                name: "units");
        }
    }
}
