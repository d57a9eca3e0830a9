import { it } from 'vitest';
import { patient } from '../support/charts.ts';
import { startFhir } from '../support/fhir-server.ts';
import { indexResource } from '../../src/fhir/store/index-resource.ts';
const ANN = '0000000a-0000-4000-8000-000000000000';
it('explains', async () => {
  const server = await startFhir();
  const { db } = server;
  await server.load([patient(ANN, 'Ann')]);
  const [rec] = await db.queryText<any>('select record_id from record', []);
  await db.queryText(`insert into record (record_id, practice_id, patient_id) select g, 1, ('00000000-0000-4000-9000-' || lpad(g::text, 12, '0'))::uuid from generate_series(1, 2000) g on conflict do nothing`, []);
  const obs = (category: string) => indexResource({ resourceType: 'Observation', id: 'x', status: 'final', category: [{ coding: [{ code: category }] }], code: { coding: [{ code: 'a' }] } });
  const [lab, vit] = [obs('laboratory'), obs('vital-signs')];
  const insert = async (records: string, per: number) => {
    await db.queryText(`insert into resource (record_id, type, id, version, last_updated, sort_at, digest, dates, flags, codes, content)
      select r.id, 'Observation', md5(r.id || '-' || g)::uuid, 1, now(), now() - g * interval '1 hour', '', array[now(), now()], case when g % 3 = 0 then $1::int8[] else $2::int8[] end, $3::int8[], '"' || repeat('x', 600) || '"'
      from ${records} r (id), generate_series(1, ${per}) g`, [lab!.flags, vit!.flags, lab!.codes]);
    const prefix = Buffer.from('target\0exact\0Observation\0');
    const typ = indexResource({ resourceType: 'Provenance', target: [{ reference: 'Observation/x' }] }).flags;
    await db.queryText(`insert into resource (record_id, type, id, version, last_updated, sort_at, digest, dates, flags, codes, content)
      select r.id, 'Provenance', md5(r.id || '-p' || g)::uuid, 1, now(), now() - g * interval '1 hour', '', array[now(), now()], $1::int8[],
        array(select ('x' || encode(substr(sha256($2::bytea || convert_to(md5(r.id || '-' || k)::uuid::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::int8 from generate_series(g * 10, g * 10 + 9) k),
        '{"target":[' || (select string_agg('{"reference":"Observation/' || md5(r.id || '-' || k)::uuid || '"}', ',') from generate_series(g * 10, g * 10 + 9) k) || '],"agent":"' || repeat('y', 800) || '"}'
      from ${records} r (id), generate_series(0, ${Math.floor(per / 10)} - 1) g`, [typ, prefix]);
  };
  await insert('(select record_id from record where record_id <= 2000)', 100);
  await insert(`(select ${rec.record_id}::bigint)`, 5000);
  await db.queryText('analyze', []);
  const log = async (name: string, token: string, path: string) => {
    const { queryText } = db;
    const seen: [string, readonly unknown[]][] = [];
    db.queryText = async (text: string, parameters: readonly unknown[], n?: string) => { seen.push([text, parameters]); return queryText(text, parameters, n) as any; };
    const start = performance.now();
    const answer = await server.get(token, path);
    const took = performance.now() - start;
    db.queryText = queryText;
    console.log(`=== ${name} ${path} ${answer.statusCode} ${took.toFixed(0)} ms total ${/"total":(\d+)/.exec(answer.body)?.[1]}`);
    for (const [text, parameters] of seen) {
      const plan = await queryText<any>(`explain (analyze, costs off, timing off, summary on) ${text}`, parameters);
      console.log(text.length > 1500 ? '' : text, '\n' + plan.map((r: any) => Object.values(r)[0]).slice(0, 45).join('\n'));
    }
  };
  const staff = (scope: string) => server.token(ANN, { scope, practices: [1], record: false });
  const P5 = '00000000-0000-4000-9000-000000000005';
  const o = await db.queryText<any>("select id from resource where record_id = 5 and type = 'Observation' limit 1", []);
  const p = await db.queryText<any>("select id from resource where record_id = 5 and type = 'Provenance' limit 1", []);
  await log('patient', await server.token(ANN), '/Observation?_count=20');
  await log('staff one patient', await staff('user/*.rs'), `/Observation?patient=${P5}&_count=20`);
  await log('staff all', await staff('user/*.rs'), `/Observation?_count=20`);
  await log('staff read', await staff('user/*.rs'), `/Observation/${o[0].id}`);
  await log('staff 2 practices', await server.token(ANN, { scope: 'user/*.rs', practices: [1, 2], record: false }), `/Observation?patient=${P5}&_count=20`);
  await log('mixed', await server.token(ANN, { scope: 'patient/Observation.rs user/Observation.rs?category=laboratory', practices: [1] }), `/Observation?_count=20`);
  await log('granular provenance in record', await server.token(ANN, { scope: 'patient/Observation.rs?category=laboratory patient/Provenance.rs' }), `/Provenance?_count=20`);
  await log('granular revinclude in record', await server.token(ANN, { scope: 'patient/Observation.rs?category=laboratory patient/Provenance.rs' }), `/Observation?_count=20&_revinclude=Provenance:target`);
  await log('granular provenance practice', await staff('user/Observation.rs?category=laboratory user/Provenance.rs'), `/Provenance?_count=20`);
  await log('granular provenance read', await staff('user/Observation.rs?category=laboratory user/Provenance.rs'), `/Provenance/${p[0].id}`);
  await log('revinclude practice', await staff('user/*.rs'), `/Observation?_count=50&_revinclude=Provenance:target`);
  await log('document', await staff('user/*.rs'), `/Binary/${p[0].id}`);
  await server.close();
}, 300000);
