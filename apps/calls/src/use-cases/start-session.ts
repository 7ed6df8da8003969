import { Injectable } from '@nestjs/common';
import type { AgentSnapshot } from '@patchbay/contracts/agents';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { DataSource } from 'typeorm';
import { menuOf } from '../domain/menu.ts';
import { requireSmallVariables } from '../domain/session.ts';
import { Deployments } from '../outside/deployments.ts';
import { EdgeRegister } from '../outside/edge-register.ts';
import { SessionFeed, snapshotOf } from '../outside/session-feed.ts';
import { SessionRepository } from '../outside/session.repository.ts';
import { UnavailableFunctions } from '../outside/unavailable-functions.ts';
import { describeCall } from '../outside/call-span.ts';

/** A call begins: the deployed version is pinned, and the runners know the session before the edge does. */
@Injectable()
export class StartSession {
  constructor(
    private readonly edges: EdgeRegister,
    private readonly deployments: Deployments,
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly feed: SessionFeed,
    private readonly unavailableFunctions: UnavailableFunctions,
  ) {}

  async run(
    input: InputOf<typeof edge.startSession>,
    { organizationId, edgeId }: RequestContext,
  ): Promise<ReplyOf<typeof edge.startSession>> {
    requireSmallVariables(input.variables ?? {});
    await this.edges.require(organizationId, edgeId);
    const snapshot = await this.#requireDeployed(organizationId, input.agent, input.version);
    const session = {
      org_id: organizationId,
      session_id: newId('session'),
      edge_id: edgeId,
      agent_id: snapshot.agentId,
      agent_name: snapshot.agentName,
      version_id: snapshot.versionId,
      channel: input.channel,
      direction: input.direction,
      caller_number: input.callerNumber ?? null,
      called_number: input.calledNumber ?? null,
      edge_call_id: input.edgeCallId ?? null,
      variables: input.variables ?? {},
      max_duration_ms: snapshot.maxDurationMs,
      state: 'live' as const,
      started_at: new Date(),
    };
    describeCall({ sessionId: session.session_id, agentId: snapshot.agentId, agentVersion: snapshot.versionId });
    const [unavailable] = await Promise.all([this.unavailableFunctions.list(organizationId, snapshot.versionId), this.#open(session)]);
    return { sessionId: session.session_id, ...menuOf(snapshot, unavailable) };
  }

  async #open(session: Parameters<SessionRepository['insert']>[1]): Promise<void> {
    await inOrganization(this.source, session.org_id, (tx) => this.sessions.insert(tx, session));
    await this.feed.publish(snapshotOf(session));
  }

  async #requireDeployed(organizationId: string, agent: string, version: string | undefined): Promise<AgentSnapshot> {
    const deployed = this.deployments.versionOf(organizationId, agent);
    const snapshot = deployed && (await this.deployments.findSnapshot(organizationId, version ?? deployed));
    if (!snapshot) {
      const path = deployed ? 'version' : 'agent';
      const problem = deployed ? `${agent} has no deployed version ${version}` : `no deployed agent is called ${agent}`;
      throw ServiceError.fields('not_found', `${path}: ${problem}.`, [{ path, problem }]);
    }
    if (snapshot.agentId === agent || snapshot.agentName === agent) return snapshot;
    const problem = `${version} is a version of another agent`;
    throw ServiceError.fields('not_found', `version: ${problem}.`, [{ path: 'version', problem }]);
  }
}
