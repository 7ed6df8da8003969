// The subjects of the JetStream API (https://docs.nats.io/reference/reference-protocols/nats_api_reference), each narrowed to one stream. Nobody
// may change, purge or delete a stream: who could would collect messages there that are meant for others.
const API = '$JS.API';

/** The stream that carries a service's events: `events_calls` for `calls.v1.session.ended`. */
export function streamOf(subject: string): string {
  return `events_${subject.split('.', 1)[0]}`;
}

/** The durable consumer of a service for one event: `workflows_session_ended` for `calls.v1.session.ended`. */
export function consumerOf(service: string, subject: string): string {
  return `${service}_${subject.split('.').slice(2).join('_')}`;
}

/** What publishing events takes; the service makes its own stream. */
export function eventsEmitted(service: string, subjects: readonly string[]): string[] {
  if (subjects.length === 0) return [];
  return [...subjects, `${API}.INFO`, ...streamMade(`events_${service}`)];
}

/** What consuming one event takes, through the service's own durable consumer. */
export function eventsConsumed(service: string, subject: string): string[] {
  const consumer = `${streamOf(subject)}.${consumerOf(service, subject)}`;
  return [
    `${API}.CONSUMER.CREATE.${consumer}.${subject}`,
    `${API}.CONSUMER.INFO.${consumer}`,
    `${API}.CONSUMER.MSG.NEXT.${consumer}`,
    `$JS.ACK.${consumer}.>`,
  ];
}

/** What publishing snapshots takes: the bucket itself, its entries, and whether one is there. */
export function bucketWritten(bucket: string): string[] {
  return [`${API}.INFO`, ...streamMade(`KV_${bucket}`), `${API}.DIRECT.GET.KV_${bucket}.$KV.${bucket}.>`, `$KV.${bucket}.>`];
}

/** What holding a bucket in memory takes: an ordered consumer of one's own, which has a random name, and single entries. */
export function bucketRead(bucket: string): string[] {
  const stream = `KV_${bucket}`;
  return [
    `${API}.STREAM.INFO.${stream}`,
    `${API}.STREAM.MSG.GET.${stream}`,
    `${API}.CONSUMER.CREATE.${stream}.*.$KV.${bucket}.>`,
    `${API}.CONSUMER.INFO.${stream}.*`,
    `${API}.CONSUMER.DELETE.${stream}.*`,
    `$JS.FC.${stream}.>`,
  ];
}

function streamMade(stream: string): string[] {
  return [`${API}.STREAM.INFO.${stream}`, `${API}.STREAM.CREATE.${stream}`];
}
