import type { DataSource } from 'typeorm';

/** `<service>` works, `<service>_owner` owns and migrates, `<service>` takes on `<service>_worker` for work over all organizations. */
const ROLES = `
  app text := regexp_replace(session_user, '_owner$', '');
  worker text := regexp_replace(session_user, '_owner$', '') || '_worker';
`;

const RAISE_WALL = `
  execute format('grant select, insert, update, delete on %s to %I, %I', tenant, app, worker);
  execute format('grant usage on all sequences in schema public to %I, %I', app, worker);
  execute format('alter table %s enable row level security, force row level security', tenant);
  execute format(
    'create policy organization on %s using (org_id = current_setting(''app.org_id'', true))
     with check (org_id = current_setting(''app.org_id'', true))', tenant);
  execute format('create policy worker on %s to %I using (true) with check (true)', tenant, worker);
  -- Reached through their table only: no grant, and no policy either, in case the owner works here itself.
  for partition in select inhrelid::regclass from pg_inherits where inhparent = tenant loop
    execute format('alter table %s enable row level security, force row level security', partition);
  end loop;
`;

/**
 * Part of the migration that makes a table with an `org_id`: only rows of the organization of the transaction are seen and written, by
 * the owner too. A migration that changes rows of such a table puts the change between `NO FORCE` and `FORCE ROW LEVEL SECURITY`.
 */
export function tenantTable(table: string): string {
  return `do $$
    declare ${ROLES} tenant regclass := '${table}'::regclass; partition regclass;
    begin ${RAISE_WALL} end
  $$;`;
}

/** Part of the migration that makes a table which belongs to no organization. */
export function sharedTable(table: string): string {
  return `do $$
    declare ${ROLES}
    begin execute format('grant select, insert, update, delete on "${table}" to %I, %I', app, worker); end
  $$;`;
}

/** Part of the migration of a table whose rows are never changed or taken away; comes after `tenantTable`. */
export function appendOnlyTable(table: string): string {
  return `do $$
    declare ${ROLES}
    begin execute format('revoke update, delete on "${table}" from %I, %I', app, worker); end
  $$;`;
}

/** For the one migration that raises the walls of a service that had none: every table with an `org_id` that is there. */
export const EVERY_TENANT_TABLE = `do $$
  declare ${ROLES} tenant regclass; partition regclass;
  begin
    for tenant in
      select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and not c.relforcerowsecurity
    loop ${RAISE_WALL} end loop;
  end
$$;`;

/** Takes `EVERY_TENANT_TABLE` back. The grants stay: they give nothing that the walls were to keep. */
export const NO_TENANT_TABLE = `do $$
  declare ${ROLES} tenant regclass;
  begin
    for tenant in select oid::regclass from pg_class where relnamespace = 'public'::regnamespace and relforcerowsecurity loop
      execute format('drop policy if exists organization on %s', tenant);
      execute format('drop policy if exists worker on %s', tenant);
      execute format('alter table %s disable row level security, no force row level security', tenant);
    end loop;
  end
$$;`;

/** Any number but the migrations'. */
const KEEPER_LOCK = 72_002;

/**
 * Part of a migration of a service that keeps partitions. The worker makes and drops them through these two functions of the owner, and
 * nothing else of the owner's: only partitions of a day, named as a keeper names them. They may be made before or after the walls.
 */
export const PARTITION_FUNCTIONS = `
  create function is_partition_of_a_day(parent text, partition text) returns boolean
  language sql immutable set search_path = pg_catalog, pg_temp
  return starts_with(partition, parent || '_p') and substr(partition, length(parent) + 3) ~ '^[0-9]{8}$';

  create function make_partition(parent text, partition text, low text, high text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    begin
      if not public.is_partition_of_a_day(parent, partition) then
        raise exception '% is no partition of %', partition, parent using errcode = 'insufficient_privilege';
      end if;
      -- Instances that start together would make the same partition at once, and "if not exists" does not guard against that.
      perform pg_advisory_xact_lock(${KEEPER_LOCK});
      execute format('create table if not exists public.%I partition of public.%I for values from (%L) to (%L)', partition, parent, low, high);
      execute format('alter table public.%I enable row level security, force row level security', partition);
    end
  $$;

  create function drop_partition(parent text, partition text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    begin
      if not public.is_partition_of_a_day(parent, partition) then
        raise exception '% is no partition of %', partition, parent using errcode = 'insufficient_privilege';
      end if;
      if exists (select from pg_inherits where inhparent = format('public.%I', parent)::regclass
                 and inhrelid = to_regclass(format('public.%I', partition))) then
        execute format('drop table if exists public.%I', partition);
      end if;
    end
  $$;

  revoke all on function make_partition, drop_partition from public;
  do $$
    declare ${ROLES}
    begin execute format('grant execute on function make_partition, drop_partition to %I', worker); end
  $$;
`;

/** Takes `PARTITION_FUNCTIONS` back. */
export const NO_PARTITION_FUNCTIONS = 'drop function make_partition, drop_partition, is_partition_of_a_day;';

/** Why the role of a connection must not be used for the service; undefined when the walls hold for it. */
export async function faultOfRole(source: DataSource): Promise<string | undefined> {
  const [found]: { role: string; walls: boolean; above: boolean; worker: boolean }[] = await source.query(`
    select session_user as role,
      exists (select from pg_class where relforcerowsecurity) as walls,
      rolsuper or rolbypassrls as above,
      exists (select from pg_roles w where w.rolname = session_user || '_worker' and pg_has_role(session_user, w.oid, 'member')) as worker
    from pg_roles where rolname = session_user`);
  const { role, walls, above, worker } = found!;
  if (!walls) return undefined;
  if (above) {
    return `The role ${role} of DATABASE_URL is a superuser or has BYPASSRLS: for it the walls between organizations do not hold. Give the service a role of its own.`;
  }
  return worker ? undefined : `The role ${role} of DATABASE_URL may not take on the role ${role}_worker: grant it.`;
}
