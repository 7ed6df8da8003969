import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions made before were made for calls in English; a snapshot without speech is read the same way. */
export class SpeechOfVersions1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table agent_versions
        add column speech json not null default '{"language":"en","region":"US","timeZone":"UTC"}';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table agent_versions drop column speech');
  }
}
