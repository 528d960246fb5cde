/* node-api-headers leaves out the experimental part; this is all that the build needs of it. */
#include <node_api.h>
#ifdef __cplusplus
extern "C"
#endif
NAPI_EXTERN napi_status NAPI_CDECL node_api_post_finalizer(napi_env env, napi_finalize finalize_cb,
                                                           void* finalize_data, void* finalize_hint);
