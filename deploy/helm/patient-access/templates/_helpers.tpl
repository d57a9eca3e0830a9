{{- define "patient-access.name" -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "patient-access.selector" -}}
app.kubernetes.io/name: patient-access
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "patient-access.labels" -}}
{{ include "patient-access.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "patient-access.image" -}}
{{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end -}}

{{/* Settings of the server and of the migration job. */}}
{{- define "patient-access.env" -}}
- name: PUBLIC_URL
  value: {{ required "Set publicUrl to the https address that people and apps use." .Values.publicUrl | quote }}
- name: LOG_FORMAT
  value: json
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range $name, $from := .Values.secretSettings }}
- name: {{ $name }}_FILE
  value: {{ printf "/run/secrets/%s/%s" $name $from.key | quote }}
{{- end }}
{{- end -}}

{{- define "patient-access.container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: ["ALL"]
{{- end -}}

{{- define "patient-access.pod-security" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}
