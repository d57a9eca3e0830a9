import { startEmbedded } from './database/embedded/index.ts';
import { openDatabase, migrate } from './database/index.ts';
import { systemClock, systemRandom } from './kernel/index.ts';
import { fileInput, intake } from './intake/index.ts';
import { projections, refreshProjections, fhirRoutes, r4, dstu2 } from './fhir/index.ts';
import { parseScopes } from './access/index.ts';
import Fastify from 'fastify';
import { readdirSync, readFileSync, mkdtempSync, chmodSync, writeFileSync } from 'node:fs';
const dir = mkdtempSync('/tmp/pa-prof-'); chmodSync(dir, 0o711);
const e = await startEmbedded({ dataDir: dir, serving: true });
await migrate(e.connection);
const db = openDatabase(e.connection, 4);
await db.queryText("insert into practice (practice_id, kind, name) values (1, 'live', 'P')", []);
const data='/work/shared/data/synthea-uscore-10';
if (process.argv[2] === 'big') {
  const text = readdirSync(data).filter(f=>!f.startsWith('log')).map(f=>readFileSync(`${data}/${f}`,'utf8').trim()).join('\n');
  let out=''; const fs = await import('node:fs'); fs.writeFileSync('/tmp/big.ndjson','');
  for (let i=0;i<9;i++) fs.appendFileSync('/tmp/big.ndjson', text.replace(/([0-9a-f]{8})-([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g,(m,a,b)=>`${(parseInt(a,16)^(i*7919)).toString(16).replace('-','').padStart(8,'0').slice(0,8)}-${b}`)+'\n');
  let peak=0; const iv=setInterval(()=>{peak=Math.max(peak,process.memoryUsage().rss)},20);
  const opts={practiceId:1 as any,source:'s',projections: process.argv[3]==='p'?projections:[],clock:systemClock,random:systemRandom};
  for (let i=0;i<2;i++){
  const t=performance.now();
  const r=await intake(db,opts,[fileInput('/tmp/big.ndjson')]);
  const ms=performance.now()-t;
  console.log('MB',fs.statSync('/tmp/big.ndjson').size/1e6,'ms',Math.round(ms),r.records,r.created,r.updated,r.unchanged,r.refused.length,Object.values(r.skipped).reduce((a,b)=>a+b,0),'res/s',Math.round((r.created+r.unchanged)/ms*1e3),'lines/s',Math.round((r.created+r.unchanged+Object.values(r.skipped).reduce((a,b)=>a+b,0))/ms*1e3),'peak rss',Math.round(peak/1e6));
  }
  clearInterval(iv);
} else {
  const files=[...readdirSync(data).filter(f=>!f.startsWith('log')).map(f=>fileInput(`${data}/${f}`)), ...readdirSync('/work/shared/data/synthea-r4').map(f=>fileInput(`/work/shared/data/synthea-r4/${f}`)), fileInput('/work/shared/data/inferno-reference-data/resources/uscore_bundle_patient_355.json')];
  await intake(db,{practiceId:1 as any,source:'s',projections,clock:systemClock,random:systemRandom},files);
  // make one big record: clone observations
  const [rec]=await db.queryText<any>("select r.record_id, rec.patient_id, count(*) n from resource r join record rec using(record_id) where r.type='Observation' group by 1,2 order by 3 desc limit 1",[]);
  console.log(rec);
  await db.queryText("insert into resource select record_id,type,n,version,last_updated,sort_at - g*interval '1 hour',digest,dates,flags,codes,replace(content, id::text, n::text) from (select *, gen_random_uuid() n from resource, generate_series(1,8) g where record_id=$1 and type='Observation') x",[rec.record_id]);
  await db.queryText('analyze',[]);
}
let tt=performance.now(); console.log('refresh none', await refreshProjections(db,{projections}), Math.round(performance.now()-tt),'ms');
await db.queryText('delete from projection',[]);
tt=performance.now(); const made=await refreshProjections(db,{projections}); console.log('refresh all', made, Math.round(performance.now()-tt),'ms', Math.round(made/(performance.now()-tt)*1e3),'/s');
const [rec]=await db.queryText<any>("select r.record_id, rec.patient_id, count(*) n from resource r join record rec using(record_id) group by 1,2 order by 3 desc limit 1",[]);
console.log(rec);
const grant={grantId:'g',clientId:'c',accountId:'00000000-0000-4000-8000-00000000000b',recordId:rec.record_id,practiceId:1,patientId:rec.patient_id,scopes:parseScopes('patient/*.rs').scopes,apis:['r4','dstu2'],practiceEnabled:true} as any;
for (const version of [r4,dstu2]) {
  const app=Fastify();
  await app.register(async s=>fhirRoutes(s,{version,db,clock:systemClock,tokens:{verify:async()=>grant},audit:{record:async()=>{}},endpoints:{base:'https://x/r4',authorize:'',token:'',revoke:''}}),{prefix:'/f'});
  await app.listen({port:0});
  const port=(app.server.address() as any).port;
  const get=async(p:string)=>{const r=await fetch(`http://127.0.0.1:${port}/f${p}`,{headers:{authorization:'Bearer x'}});return {status:r.status,text:await r.text()}};
  const [obs]=await db.queryText<any>("select id from resource where record_id=$1 and type='Observation' limit 1",[rec.record_id]);
  const paths:[string,string][]=[['patient read',`/Patient/${rec.patient_id}`],['lab page 50',`/Observation?category=laboratory&_count=50`],['obs page 50','/Observation?_count=50'],['code','/Observation?code=http://loinc.org|8302-2'],['date ge','/Observation?date=ge2019&_count=50'],['conditions','/Condition'],['revinclude','/Condition?_revinclude=Provenance:target']];
  if(obs) paths.push(['obs read',`/Observation/${obs.id}`]);
  const inj=async(p:string)=>{const r=await app.inject({url:`/f${p}`,headers:{authorization:'Bearer x'}});return {status:r.statusCode,text:r.body}};
  for (const [name,p] of paths){ let r; for(let i=0;i<50;i++) r=await inj(p); const t=performance.now(); const c=process.cpuUsage(); const n=200; for(let i=0;i<n;i++) r=await inj(p); const d=process.cpuUsage(c); console.log(version.api,name.padEnd(14),r!.status,'bytes',r!.text.length,'total',JSON.parse(r!.text).total,'µs',Math.round((performance.now()-t)/n*1e3),'node cpu µs',Math.round((d.user+d.system)/n)); }
  await app.close();
}
await db.close(); await e.stop();
