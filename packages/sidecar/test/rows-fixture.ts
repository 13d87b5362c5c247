/** Documents, and the summary of a sealed one. */
export const FACES =
  '{"sidecar_info":{"operation_type":"face_detection","created_at":"2024-05-01T10:00:00Z","last_updated":"2024-05-02"},' +
  '"data":{"faces":[1,2,3],"tool_name":"say \\"hi\\", \\u00e9\\ud800","success":true,"processing_time":0.50}}';
export const BALLS = '{"ball_detection":{"count":2.0,"success":false,"processing_time":1e-3}}';
export const SUMMARY =
  '{"operation":"face_detection","detections":7,"tool":null,"success":null,"processing_time":null,"created_at":null,"last_updated":null}';
