#include "ops.h"

const struct estimator_op selection_ops[] = {{NULL, NULL}};
