using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Muster.Data.Migrations.Postgres
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
                    id = table.Column<long>(type: "bigint", nullable: false),
                    is_site_admin = table.Column<bool>(type: "boolean", nullable: false),
                    first_name = table.Column<string>(type: "text", nullable: false),
                    last_name = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    email_confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: true),
                    security_stamp = table.Column<string>(type: "text", nullable: true),
                    concurrency_stamp = table.Column<string>(type: "text", nullable: true),
                    phone_number = table.Column<string>(type: "text", nullable: true),
                    phone_number_confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    two_factor_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    lockout_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lockout_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    access_failed_count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_tokens",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    token_hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    role = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    created_by_account_id = table.Column<long>(type: "bigint", nullable: true),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_tokens", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    account_id = table.Column<long>(type: "bigint", nullable: true),
                    token_id = table.Column<long>(type: "bigint", nullable: true),
                    address = table.Column<string>(type: "text", nullable: true),
                    @event = table.Column<string>(name: "event", type: "character varying(50)", maxLength: 50, nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: true),
                    profile_id = table.Column<long>(type: "bigint", nullable: true),
                    details = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "courses",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    external_reference = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    is_open = table.Column<bool>(type: "boolean", nullable: false),
                    seats = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_courses", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    friendly_name = table.Column<string>(type: "text", nullable: true),
                    xml = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "fields",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    is_required = table.Column<bool>(type: "boolean", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    choices = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_fields", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "groups",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_groups", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "id_blocks",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    next = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_id_blocks", x => x.workspace_id);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    request_hash = table.Column<string>(type: "text", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    answer = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.workspace_id, x.key });
                });

            migrationBuilder.CreateTable(
                name: "invitation_row_groups",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    added_by_operation_id = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitation_row_groups", x => new { x.workspace_id, x.operation_id, x.ordinal, x.group_id });
                });

            migrationBuilder.CreateTable(
                name: "invitation_row_units",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    unit_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitation_row_units", x => new { x.workspace_id, x.operation_id, x.ordinal, x.unit_id });
                });

            migrationBuilder.CreateTable(
                name: "invitation_row_values",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    field_id = table.Column<long>(type: "bigint", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true),
                    number = table.Column<decimal>(type: "numeric", nullable: true),
                    date = table.Column<DateOnly>(type: "date", nullable: true),
                    yes_no = table.Column<bool>(type: "boolean", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitation_row_values", x => new { x.workspace_id, x.operation_id, x.ordinal, x.field_id });
                });

            migrationBuilder.CreateTable(
                name: "invitation_rows",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    email_key = table.Column<string>(type: "text", nullable: false),
                    first_name = table.Column<string>(type: "text", nullable: false),
                    last_name = table.Column<string>(type: "text", nullable: false),
                    sort_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    search_text = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<int>(type: "integer", nullable: false),
                    unit_id = table.Column<long>(type: "bigint", nullable: true),
                    expires_on = table.Column<DateOnly>(type: "date", nullable: true),
                    invited_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    profile_operation_id = table.Column<long>(type: "bigint", nullable: true),
                    sent_count = table.Column<int>(type: "integer", nullable: true),
                    token_hash = table.Column<string>(type: "text", nullable: true),
                    last_sent_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    cancelled_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    invitation_operation_id = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitation_rows", x => new { x.workspace_id, x.operation_id, x.ordinal });
                });

            migrationBuilder.CreateTable(
                name: "letter_texts",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    purpose = table.Column<int>(type: "integer", nullable: false),
                    subject = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    body = table.Column<string>(type: "character varying(5000)", maxLength: 5000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_letter_texts", x => new { x.workspace_id, x.purpose });
                });

            migrationBuilder.CreateTable(
                name: "mended_rows",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    row_number = table.Column<int>(type: "integer", nullable: false),
                    cells = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mended_rows", x => new { x.workspace_id, x.operation_id, x.row_number });
                });

            migrationBuilder.CreateTable(
                name: "operation_files",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    headers = table.Column<string>(type: "text", nullable: true),
                    warnings = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_files", x => new { x.workspace_id, x.operation_id });
                });

            migrationBuilder.CreateTable(
                name: "operation_items",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    target_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    verdict = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    outcome = table.Column<int>(type: "integer", nullable: false),
                    outcome_reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    before = table.Column<string>(type: "text", nullable: true),
                    after = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_items", x => new { x.workspace_id, x.operation_id, x.position, x.target_id });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 60);

            migrationBuilder.CreateTable(
                name: "operation_rows",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    row_number = table.Column<int>(type: "integer", nullable: false),
                    email_key = table.Column<string>(type: "text", nullable: true),
                    cells = table.Column<string>(type: "text", nullable: false),
                    problems = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_rows", x => new { x.workspace_id, x.operation_id, x.ordinal });
                });

            migrationBuilder.CreateTable(
                name: "operation_users",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    ordinal = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    problem = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    was_to_change = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_users", x => new { x.workspace_id, x.operation_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "operations",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    action = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    parameters = table.Column<string>(type: "text", nullable: false),
                    selection = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: false),
                    preview_phase = table.Column<int>(type: "integer", nullable: false),
                    cursor = table.Column<long>(type: "bigint", nullable: false),
                    judged = table.Column<long>(type: "bigint", nullable: false),
                    in_list_order = table.Column<bool>(type: "boolean", nullable: false),
                    place_id = table.Column<long>(type: "bigint", nullable: false),
                    last_ordinal = table.Column<long>(type: "bigint", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: true),
                    last_position = table.Column<long>(type: "bigint", nullable: false),
                    first_new_id = table.Column<long>(type: "bigint", nullable: false),
                    selected = table.Column<long>(type: "bigint", nullable: false),
                    will_change = table.Column<long>(type: "bigint", nullable: false),
                    skipped = table.Column<long>(type: "bigint", nullable: false),
                    problems = table.Column<long>(type: "bigint", nullable: false),
                    changed = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false),
                    left_alone = table.Column<long>(type: "bigint", nullable: false),
                    items_will_change = table.Column<long>(type: "bigint", nullable: false),
                    items_skipped = table.Column<long>(type: "bigint", nullable: false),
                    items_problems = table.Column<long>(type: "bigint", nullable: false),
                    items_changed = table.Column<long>(type: "bigint", nullable: false),
                    items_failed = table.Column<long>(type: "bigint", nullable: false),
                    items_left_alone = table.Column<long>(type: "bigint", nullable: false),
                    items_explained = table.Column<long>(type: "bigint", nullable: false),
                    effects = table.Column<string>(type: "text", nullable: true),
                    warnings = table.Column<string>(type: "text", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true),
                    account_id = table.Column<long>(type: "bigint", nullable: true),
                    token_id = table.Column<long>(type: "bigint", nullable: true),
                    source = table.Column<int>(type: "integer", nullable: false),
                    address = table.Column<string>(type: "text", nullable: true),
                    schedule_id = table.Column<long>(type: "bigint", nullable: true),
                    largest_run = table.Column<long>(type: "bigint", nullable: true),
                    undo_of = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    previewed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    confirmed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    confirmed_by_account_id = table.Column<long>(type: "bigint", nullable: true),
                    confirmed_by_token_id = table.Column<long>(type: "bigint", nullable: true),
                    all_or_nothing = table.Column<bool>(type: "boolean", nullable: false),
                    run_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    review = table.Column<string>(type: "text", nullable: true),
                    approved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    approved_by_account_id = table.Column<long>(type: "bigint", nullable: true),
                    started_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    served_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operations", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    purpose = table.Column<int>(type: "integer", nullable: false),
                    secret = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    claimed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    sent_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => new { x.workspace_id, x.operation_id, x.profile_id, x.purpose });
                });

            migrationBuilder.CreateTable(
                name: "removed_memberships",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    added_by_operation_id = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_removed_memberships", x => new { x.workspace_id, x.operation_id, x.profile_id, x.group_id });
                });

            migrationBuilder.CreateTable(
                name: "rules",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    description = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    target_kind = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rules", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "schedules",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    action = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    parameters = table.Column<string>(type: "text", nullable: false),
                    selection = table.Column<string>(type: "text", nullable: false),
                    cron = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    largest_run = table.Column<long>(type: "bigint", nullable: false),
                    next_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    account_id = table.Column<long>(type: "bigint", nullable: true),
                    token_id = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schedules", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "units",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    parent_id = table.Column<long>(type: "bigint", nullable: true),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    path_key = table.Column<string>(type: "text", nullable: false),
                    tier = table.Column<int>(type: "integer", nullable: false)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: false),
                    who = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_unticked_users", x => new { x.workspace_id, x.operation_id, x.who });
                });

            migrationBuilder.CreateTable(
                name: "workspace_leases",
                columns: table => new
                {
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    served_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workspace_leases", x => x.workspace_id);
                });

            migrationBuilder.CreateTable(
                name: "workspaces",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    time_zone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    threshold_users = table.Column<int>(type: "integer", nullable: false),
                    threshold_percent = table.Column<int>(type: "integer", nullable: false),
                    threshold_minimum = table.Column<int>(type: "integer", nullable: false),
                    invitation_days = table.Column<int>(type: "integer", nullable: false),
                    resend_minutes = table.Column<int>(type: "integer", nullable: false),
                    retention_days = table.Column<int>(type: "integer", nullable: false),
                    approval_from = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    mail_held_before = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workspaces", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "account_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    claim_type = table.Column<string>(type: "text", nullable: true),
                    claim_value = table.Column<string>(type: "text", nullable: true)
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
                    login_provider = table.Column<string>(type: "text", nullable: false),
                    provider_key = table.Column<string>(type: "text", nullable: false),
                    provider_display_name = table.Column<string>(type: "text", nullable: true),
                    user_id = table.Column<long>(type: "bigint", nullable: false)
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
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    login_provider = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: true)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    rule_id = table.Column<long>(type: "bigint", nullable: false),
                    course_id = table.Column<long>(type: "bigint", nullable: false)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    rule_id = table.Column<long>(type: "bigint", nullable: false),
                    target_id = table.Column<long>(type: "bigint", nullable: false)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    account_id = table.Column<long>(type: "bigint", nullable: true),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    email_key = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    first_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    last_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    sort_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    search_text = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<int>(type: "integer", nullable: false),
                    unit_id = table.Column<long>(type: "bigint", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: false),
                    invited_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    registered_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    last_active_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    expires_on = table.Column<DateOnly>(type: "date", nullable: true),
                    operation_id = table.Column<long>(type: "bigint", nullable: true)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    ancestor_id = table.Column<long>(type: "bigint", nullable: false),
                    unit_id = table.Column<long>(type: "bigint", nullable: false)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    course_id = table.Column<long>(type: "bigint", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: false),
                    expires_on = table.Column<DateOnly>(type: "date", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    completed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    withdrawn_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    operation_id = table.Column<long>(type: "bigint", nullable: true),
                    rule_id = table.Column<long>(type: "bigint", nullable: true),
                    ended_by_operation_id = table.Column<long>(type: "bigint", nullable: true),
                    status_before_end = table.Column<int>(type: "integer", nullable: true)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    field_id = table.Column<long>(type: "bigint", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true),
                    text_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(text)", stored: true),
                    number = table.Column<decimal>(type: "numeric", nullable: true),
                    date = table.Column<DateOnly>(type: "date", nullable: true),
                    yes_no = table.Column<bool>(type: "boolean", nullable: true)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    token_hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    sent_count = table.Column<int>(type: "integer", nullable: false),
                    last_sent_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    accepted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    cancelled_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    operation_id = table.Column<long>(type: "bigint", nullable: true)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    unit_id = table.Column<long>(type: "bigint", nullable: false)
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
                    workspace_id = table.Column<long>(type: "bigint", nullable: false),
                    profile_id = table.Column<long>(type: "bigint", nullable: false),
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    operation_id = table.Column<long>(type: "bigint", nullable: true)
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
                name: "ix_enrolments_course_id_workspace_id_status_profile_id_attempt~",
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
                name: "ix_operation_items_workspace_id_operation_id_verdict_reason_or~",
                table: "operation_items",
                columns: new[] { "workspace_id", "operation_id", "verdict", "reason", "ordinal", "target_id" },
                filter: "verdict <> 0");

            migrationBuilder.CreateIndex(
                name: "ix_operation_rows_workspace_id_operation_id_email_key_ordinal",
                table: "operation_rows",
                columns: new[] { "workspace_id", "operation_id", "email_key", "ordinal" });

            migrationBuilder.CreateIndex(
                name: "ix_operation_users_workspace_id_profile_id_operation_id_positi~",
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
