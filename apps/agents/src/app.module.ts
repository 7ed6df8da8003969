import { Module } from '@nestjs/common';
import { AgentsHandlers } from './agents.handlers.ts';
import { PublishDeployments } from './loops/publish-deployments.ts';
import { AgentRepository } from './outside/agent.repository.ts';
import { DeploymentPublisher } from './outside/deployment-publisher.ts';
import { FunctionParts } from './outside/function-parts.ts';
import { RulesOfCalls } from './outside/rules-of-calls.ts';
import { SnapshotFeed } from './outside/snapshot-feed.ts';
import { VersionRepository } from './outside/version.repository.ts';
import { CreateAgent } from './use-cases/create-agent.ts';
import { CreateVersion } from './use-cases/create-version.ts';
import { DeployVersion } from './use-cases/deploy-version.ts';
import { GetAgent } from './use-cases/get-agent.ts';
import { ListAgents } from './use-cases/list-agents.ts';

@Module({
  controllers: [AgentsHandlers],
  providers: [
    CreateAgent,
    GetAgent,
    ListAgents,
    CreateVersion,
    DeployVersion,
    AgentRepository,
    VersionRepository,
    FunctionParts,
    RulesOfCalls,
    SnapshotFeed,
    DeploymentPublisher,
    PublishDeployments,
  ],
})
export class AppModule {}
