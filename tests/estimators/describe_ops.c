#include "ops.h"

const struct estimator_op describe_ops[] = {{NULL, NULL}};
