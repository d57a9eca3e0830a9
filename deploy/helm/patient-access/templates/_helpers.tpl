{{- define "patient-access.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "patient-access.selector" -}}
app.kubernetes.io/name: patient-access
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* Labels of the server's pods. The pod of the migration job has another component, so that no Service selects it. */}}
{{- define "patient-access.server-selector" -}}
{{ include "patient-access.selector" . }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "patient-access.labels" -}}
{{ include "patient-access.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | replace "+" "_" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "patient-access.image" -}}
{{- $repository := required "Set image.repository." .Values.image.repository -}}
{{ printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
{{- end -}}

{{/* Settings of the server and of the migration job. */}}
{{- define "patient-access.settings" -}}
- name: PUBLIC_URL
  value: {{ required "Set publicUrl to the https address that people and apps use." .Values.publicUrl | quote }}
- name: DATABASE_URL_FILE
  value: /run/secrets/database/url
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* Settings of the pods of both the server and the migration job. */}}
{{- define "patient-access.pod" -}}
automountServiceAccountToken: false
# Variables that Kubernetes makes for each Service of the namespace, such as METRICS_PORT for one called metrics, would be
# taken for settings.
enableServiceLinks: false
securityContext: {{- include "patient-access.pod-security" . | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
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
